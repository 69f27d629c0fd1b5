package dev.jetstream.metrics;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import kamon.Kamon;
import kamon.metric.PeriodSnapshot;
import kamon.module.MetricReporter;
import kamon.prometheus.PrometheusReporter;

/**
 * The Prometheus page of this process: all instruments as text, moved on by Kamon at each tick. Kamon is one per process, so
 * there is one page, too.
 */
public final class MetricsPage {
    /** The content type of {@link #text()}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static MetricsPage instance;
    private static Duration currentTickInterval;

    private final PrometheusReporter prometheus;
    private final ProcessMetrics process;
    private final CompletableFuture<Void> firstTick = new CompletableFuture<>();

    private MetricsPage(Config kamon, String version) {
        this.prometheus = new PrometheusReporter(PrometheusReporter.DefaultConfigPath(), kamon);
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
            Kamon.addReporter("jetstream-page", instance.new Reporter());
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

    /**
     * The page as of the last tick. Before the first it completes with that, at most one tick interval later, so that no
     * scrape ever sees a page without its counters.
     */
    public CompletionStage<String> text() {
        return firstTick.thenApply(ignored -> prometheus.scrapeData());
    }

    /** Hands each tick to the Prometheus page, and takes the process's figures for the next one. */
    private final class Reporter implements MetricReporter {
        @Override
        public void reportPeriodSnapshot(PeriodSnapshot snapshot) {
            prometheus.reportPeriodSnapshot(snapshot);
            firstTick.complete(null);
            process.sample();
        }

        @Override
        public void reconfigure(Config config) {
            prometheus.reconfigure(config);
        }

        @Override
        public void stop() {
            prometheus.stop();
        }
    }
}
