package dev.jetstream.metrics;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
 * The Prometheus page of this process. Kamon reports the changes at each tick; they are added up, and written as text when
 * the page is requested. As Kamon is a singleton, this is one, too.
 */
public final class MetricsPage {
    /** All metrics except Kamon's own. */
    private static final Filter OURS = Filter.fromRegex("(?!kamon\\.).*");

    private static final Duration FOREVER = Duration.ofDays(365 * 100);
    private static final String TYPE = "# TYPE ";
    private static final String HISTOGRAM = " histogram";

    private static MetricsPage instance;
    private static Duration currentTickInterval;

    private final AtomicReference<Instant> openedAt = new AtomicReference<>();
    private final CompletableFuture<Void> firstTick = new CompletableFuture<>();
    private final PeriodSnapshot.Accumulator sums = PeriodSnapshot.accumulator(FOREVER, Duration.ZERO, FOREVER);
    private PrometheusSettings.Generic settings;
    /** Gauges as of the last tick, as the counters are: a page shows one moment. */
    private String gauges = "";

    private String text;

    private MetricsPage(Config kamon) {
        settings = settings(kamon);
    }

    /**
     * Starts Kamon without its agent, banner and HTTP server. It is started once, regardless of the number of calls.
     *
     * @param tickInterval how often the figures are updated; a later call can change it
     * @param version of this program, for {@code jetstream_build_info}
     */
    public static synchronized MetricsPage start(Duration tickInterval, String version) {
        if (instance == null) {
            Config kamon = kamonConfig(tickInterval);
            Kamon.initWithoutAttaching(kamon);
            instance = new MetricsPage(kamon);
            ProcessMetrics.register(version);
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

    /** Opens the page, now that all instruments exist. Until then, scrapes wait. Thread-safe. */
    public void open() {
        openedAt.compareAndSet(null, Instant.now());
    }

    /**
     * The page as of the last tick. It completes after the first tick that follows {@link #open()}, so that no scrape misses an
     * instrument. Thread-safe.
     */
    public CompletionStage<String> text() {
        return firstTick.thenApply(ignored -> render());
    }

    /** Renders the page at most once per tick. */
    private synchronized String render() {
        if (text == null) {
            PeriodSnapshot now = sums.peek();
            String page = new ScrapeDataBuilder(settings, TagSet.Empty())
                    .appendCounters(now.counters())
                    .appendHistograms(now.histograms())
                    .build();
            text = withEmptyHistograms(
                            page,
                            CollectionConverters.asJava(settings.timeBuckets()),
                            CollectionConverters.asJava(settings.defaultBuckets()))
                    + gauges;
        }
        return text;
    }

    /** Adds the samples of histograms without values, which Kamon's exporter omits. Such histograms have no labels. */
    static String withEmptyHistograms(String page, List<Double> secondsBuckets, List<Double> otherBuckets) {
        StringBuilder out = new StringBuilder(page.length() + 4096);
        String empty = "";
        // The last line is a sentinel, so that an empty histogram may end the page.
        for (String line : (page + TYPE).split("\n")) {
            if (!empty.isEmpty() && !line.startsWith(empty + "_")) {
                appendZeros(empty, empty.endsWith("_seconds") ? secondsBuckets : otherBuckets, out);
            }
            out.append(line).append('\n');
            boolean isHistogram = line.startsWith(TYPE) && line.endsWith(HISTOGRAM);
            empty = isHistogram ? line.substring(TYPE.length(), line.length() - HISTOGRAM.length()) : "";
        }
        return out.substring(0, out.length() - TYPE.length() - 1);
    }

    private static void appendZeros(String name, List<Double> bounds, StringBuilder out) {
        for (Double bound : bounds) {
            out.append(name).append("_bucket{le=\"").append(bound).append("\"} 0.0\n");
        }
        out.append(name).append("_bucket{le=\"+Inf\"} 0.0\n");
        out.append(name).append("_count 0.0\n").append(name).append("_sum 0.0\n");
    }

    private synchronized void add(PeriodSnapshot changes) {
        sums.add(changes);
        gauges = Instruments.text();
        text = null;
    }

    private synchronized void setSettings(Config kamon) {
        settings = settings(kamon);
    }

    private final class Reporter implements MetricReporter {
        @Override
        public void reportPeriodSnapshot(PeriodSnapshot changes) {
            add(changes);
            Instant opened = openedAt.get();
            if (opened != null && !changes.to().isBefore(opened)) {
                firstTick.complete(null);
            }
        }

        @Override
        public void reconfigure(Config kamon) {
            setSettings(kamon);
        }

        @Override
        public void stop() {
            // Nothing to close.
        }
    }
}
