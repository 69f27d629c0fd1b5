package dev.jetstream.config;

/** The whole configuration of a server. */
public record JetstreamConfig(
        UpstreamConfig upstream,
        DecodeConfig decode,
        SequenceConfig sequence,
        JournalConfig journal,
        BroadcastConfig broadcast,
        SubscriberConfig subscriber,
        ZstdConfig zstd,
        HttpConfig http,
        MetricsConfig metrics) {}
