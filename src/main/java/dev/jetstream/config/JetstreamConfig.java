package dev.jetstream.config;

/** The whole configuration of a server: one record per section of {@code jetstream.*}. */
public record JetstreamConfig(
        UpstreamConfig upstream,
        DecodeConfig decode,
        SequenceConfig sequence,
        JournalConfig journal,
        BroadcastConfig broadcast,
        SubscriberConfig subscriber,
        ZstdConfig zstd,
        HttpConfig http,
        MetricsConfig metrics,
        LogConfig log) {
    JetstreamConfig withDecode(DecodeConfig changed) {
        return new JetstreamConfig(
                upstream, changed, sequence, journal, broadcast, subscriber, zstd, http, metrics, log);
    }
}
