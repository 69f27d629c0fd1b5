package dev.jetstream.metrics;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import kamon.Kamon;
import kamon.metric.PeriodSnapshot;
import kamon.module.MetricReporter;
import kamon.prometheus.PrometheusSettings;
import kamon.prometheus.ScrapeDataBuilder;
import kamon.tag.TagSet;
import kamon.util.Filter;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The Prometheus page of this process: all instruments as text. Kamon hands over what changed at each tick; that is only added
 * up, and becomes text when somebody asks. Kamon is one per process, so there is one page, too.
 */
public final class MetricsPage {
    /** All but Kamon's figures about itself. */
    private static final Filter OURS = Filter.fromRegex("(?!kamon\\.).*");

    private static final Duration FOR_EVER = Duration.ofDays(365 * 100);

    private static MetricsPage instance;
    private static Duration currentTickInterval;

    private final ProcessMetrics process;
    private final AtomicReference<Instant> openedAt = new AtomicReference<>();
    private final CompletableFuture<Void> firstTick = new CompletableFuture<>();
    private final PeriodSnapshot.Accumulator sums = PeriodSnapshot.accumulator(FOR_EVER, Duration.ZERO, FOR_EVER);
    private PrometheusSettings.Generic settings;
    private String text;

    private MetricsPage(Config kamon, String version) {
        this.settings = settings(kamon);
        this.process = new ProcessMetrics(version);
    }

    /**
     * Starts Kamon, without its agent, banner and HTTP server; once only, however often it is called.
     *
     * @param tickInterval how often the figures move on; a later call with another one changes it
     * @param version of this program, for {@code jetstream_build_info}
     */
    public static synchronized MetricsPage start(Duration tickInterval, String version) {
        if (instance == null) {
            Config kamon = kamonConfig(tickInterval);
            Kamon.initWithoutAttaching(kamon);
            instance = new MetricsPage(kamon, version);
            instance.process.sample();
            Kamon.addReporter("jetstream-page", instance.new Reporter(), OURS);
        } else if (!currentTickInterval.equals(tickInterval)) {
            Kamon.reconfigure(kamonConfig(tickInterval));
        }
        currentTickInterval = tickInterval;
        return instance;
    }

    private static Config kamonConfig(Duration tickInterval) {
        ClassLoader loader = MetricsPage.class.getClassLoader();
        return ConfigFactory.parseMap(Map.of("kamon.metric.tick-interval", tickInterval))
                .withFallback(ConfigFactory.parseResources(loader, "kamon-overrides.conf"))
                .withFallback(ConfigFactory.defaultReference(loader))
                .resolve();
    }

    private static PrometheusSettings.Generic settings(Config kamon) {
        return PrometheusSettings.readSettings(kamon.getConfig("kamon.prometheus"));
    }

    /** All instruments are made now: from the next tick on the page may be seen. Until then a scrape waits. Any thread. */
    public void open() {
        openedAt.compareAndSet(null, Instant.now());
    }

    /**
     * The page as of the last tick. Before the first one with all instruments it completes with that, at most one tick interval
     * after {@link #open()}, so that no scrape ever sees a page without its counters. Any thread.
     */
    public CompletionStage<String> text() {
        return firstTick.thenApply(ignored -> render());
    }

    /** However many ask: once for each tick. */
    private synchronized String render() {
        if (text == null) {
            PeriodSnapshot now = sums.peek();
            String page = new ScrapeDataBuilder(settings, TagSet.Empty())
                    .appendCounters(now.counters())
                    .appendGauges(now.gauges())
                    .appendHistograms(now.histograms())
                    .build();
            text = new EmptyHistograms(
                                    CollectionConverters.asJava(settings.timeBuckets()),
                                    CollectionConverters.asJava(settings.defaultBuckets()))
                            .fill(page)
                    + OwnSamples.text();
        }
        return text;
    }

    private synchronized void add(PeriodSnapshot changes) {
        sums.add(changes);
        text = null;
    }

    private synchronized void reconfigure(Config kamon) {
        settings = settings(kamon);
    }

    /** Adds each tick up, and takes the process's figures for the next one. */
    private final class Reporter implements MetricReporter {
        @Override
        public void reportPeriodSnapshot(PeriodSnapshot changes) {
            add(changes);
            Instant opened = openedAt.get();
            if (opened != null && !changes.to().isBefore(opened)) {
                firstTick.complete(null);
            }
            process.sample();
        }

        @Override
        public void reconfigure(Config kamon) {
            MetricsPage.this.reconfigure(kamon);
        }

        @Override
        public void stop() {
            // Nothing is held open.
        }
    }
}
