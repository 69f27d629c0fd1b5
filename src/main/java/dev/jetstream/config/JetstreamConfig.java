package dev.jetstream.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The configuration of a server: one record per section of {@code jetstream.*}. */
public record JetstreamConfig(
        UpstreamConfig upstream,
        DecodeConfig decode,
        SequenceConfig sequence,
        JournalConfig journal,
        SubscriberConfig subscriber,
        ZstdConfig zstd,
        HttpConfig http,
        MetricsConfig metrics,
        LogConfig log) {

    /**
     * {@code jetstream.decode}: how frames become events.
     *
     * @param parallelism batches decoded at the same time, 1 to 1024; 0 becomes the number of cores
     * @param maxQueueSize batches that may wait for the sequencer, 1 to 100,000
     */
    public record DecodeConfig(int parallelism, int maxQueueSize) {
        public DecodeConfig {
            new Check("decode")
                    .range("parallelism", parallelism, 0, 1024)
                    .range("max-queue-size", maxQueueSize, 1, 100_000)
                    .done();
            parallelism = parallelism == 0 ? Runtime.getRuntime().availableProcessors() : parallelism;
        }
    }

    /**
     * {@code jetstream.zstd}: compression of messages for subscribers that ask for it.
     *
     * @param dictionaryFile the official dictionary; empty to compress without a dictionary
     * @param level zstd level, 1 to 19
     */
    public record ZstdConfig(Optional<Path> dictionaryFile, int level) {
        public ZstdConfig {
            new Check("zstd").range("level", level, 1, 19).done();
        }
    }

    /**
     * {@code jetstream.metrics}: the Prometheus page.
     *
     * @param listen address of {@code /metrics}; port 0 picks a free one
     * @param tickInterval how often the figures are updated, 100 ms to 2 s
     */
    public record MetricsConfig(InetSocketAddress listen, Duration tickInterval) {
        public MetricsConfig {
            new Check("metrics")
                    .range("tick-interval", tickInterval, Duration.ofMillis(100), Duration.ofSeconds(2))
                    .done();
        }
    }

    /**
     * {@code jetstream.log}: the log on standard output.
     *
     * @param level minimum level of this server's own messages; libraries stay at WARN
     */
    public record LogConfig(Format format, Level level) {
        /** How a message is written. */
        public enum Format {
            TEXT,
            JSON
        }

        /** The minimum level of a message. */
        public enum Level {
            ERROR,
            WARN,
            INFO,
            DEBUG,
            TRACE
        }
    }
}
