package dev.jetstream.config;

/** Which key becomes which component of which record: keys are the components' names with hyphens. */
final class Sections {
    private Sections() {}

    /** All sections; one that was refused is null and has left its problems with the reader. */
    static JetstreamConfig read(SettingsReader in) {
        return new JetstreamConfig(
                in.section(() -> upstream(in)),
                in.section(() -> decode(in)),
                in.section(() -> sequence(in)),
                in.section(() -> journal(in)),
                in.section(() -> broadcast(in)),
                in.section(() -> subscriber(in)),
                in.section(() -> zstd(in)),
                in.section(() -> http(in)),
                in.section(() -> metrics(in)),
                in.section(() -> log(in)));
    }

    private static UpstreamConfig upstream(SettingsReader in) {
        return new UpstreamConfig(
                in.uriAt("jetstream.upstream.url"),
                in.longAt("jetstream.upstream.override-cursor"),
                in.durationAt("jetstream.upstream.liveness-ttl"),
                in.durationAt("jetstream.upstream.connect-timeout"),
                in.durationAt("jetstream.upstream.backoff-min"),
                in.durationAt("jetstream.upstream.backoff-max"),
                in.sizeAt("jetstream.upstream.max-frame-bytes"),
                in.sizeAt("jetstream.upstream.read-buffer-bytes"));
    }

    private static DecodeConfig decode(SettingsReader in) {
        return new DecodeConfig(in.intAt("jetstream.decode.parallelism"), in.intAt("jetstream.decode.max-queue-size"));
    }

    private static SequenceConfig sequence(SettingsReader in) {
        return new SequenceConfig(
                in.durationAt("jetstream.sequence.min-interval"),
                in.durationAt("jetstream.sequence.max-interval"),
                in.intAt("jetstream.sequence.max-events"),
                in.sizeAt("jetstream.sequence.max-bytes"));
    }

    private static JournalConfig journal(SettingsReader in) {
        return new JournalConfig(
                in.pathAt("jetstream.journal.data-dir"),
                in.durationAt("jetstream.journal.event-ttl"),
                in.longSizeAt("jetstream.journal.max-size-bytes"),
                in.durationAt("jetstream.journal.retention-interval"),
                in.longSizeAt("jetstream.journal.memory-budget-bytes"),
                in.choiceAt("jetstream.journal.on-damage", JournalConfig.OnDamage.class),
                in.textAt("jetstream.journal.database-url"),
                in.textAt("jetstream.journal.database-user"),
                in.textAt("jetstream.journal.database-password"));
    }

    private static BroadcastConfig broadcast(SettingsReader in) {
        return new BroadcastConfig(in.intAt("jetstream.broadcast.buffer-blocks"));
    }

    private static SubscriberConfig subscriber(SettingsReader in) {
        return new SubscriberConfig(
                in.durationAt("jetstream.subscriber.ping-interval"),
                in.durationAt("jetstream.subscriber.stall-timeout"),
                in.durationAt("jetstream.subscriber.close-timeout"),
                in.sizeAt("jetstream.subscriber.max-write-bytes"),
                in.sizeAt("jetstream.subscriber.max-message-bytes"),
                in.decimalAt("jetstream.subscriber.max-events-per-second"),
                in.decimalAt("jetstream.subscriber.max-options-updates-per-second"));
    }

    private static ZstdConfig zstd(SettingsReader in) {
        return new ZstdConfig(in.optionalPathAt("jetstream.zstd.dictionary-file"), in.intAt("jetstream.zstd.level"));
    }

    private static HttpConfig http(SettingsReader in) {
        return new HttpConfig(
                in.addressAt("jetstream.http.listen"),
                in.intAt("jetstream.http.backlog"),
                in.intAt("jetstream.http.max-connections"),
                in.intAt("jetstream.http.max-connections-per-address"),
                in.intAt("jetstream.http.max-upgrades-per-second"),
                in.listAt("jetstream.http.trusted-proxies", Cidr::parse),
                in.durationAt("jetstream.http.head-timeout"),
                in.sizeAt("jetstream.http.max-head-bytes"),
                in.durationAt("jetstream.http.idle-timeout"),
                in.durationAt("jetstream.http.shutdown-timeout"),
                in.textAt("jetstream.http.default-format"),
                in.flagAt("jetstream.http.expose-metrics"),
                in.flagAt("jetstream.http.expose-connections"));
    }

    private static MetricsConfig metrics(SettingsReader in) {
        return new MetricsConfig(
                in.addressAt("jetstream.metrics.listen"), in.durationAt("jetstream.metrics.tick-interval"));
    }

    private static LogConfig log(SettingsReader in) {
        return new LogConfig(
                in.choiceAt("jetstream.log.format", LogConfig.Format.class),
                in.choiceAt("jetstream.log.level", LogConfig.Level.class));
    }
}
