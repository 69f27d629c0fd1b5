package dev.jetstream.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags of a server, named as Jetstream v1 names them; {@code config} reads and checks their values. */
final class ServerOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Configuration file; else conf/application.conf in the working directory, else beside the jar.")
    private Path config;

    @Option(
            names = "--ws-url",
            paramLabel = "URL",
            description = "The relay's firehose, ws:// or wss:// (env: JETSTREAM_WS_URL)")
    private String wsUrl;

    @Option(
            names = "--listen-addr",
            paramLabel = "ADDR",
            description = "Public listener, such as :6008 (env: JETSTREAM_LISTEN_ADDR)")
    private String listenAddr;

    @Option(
            names = "--metrics-listen-addr",
            paramLabel = "ADDR",
            description = "Listener of /metrics, such as :6009 (env: JETSTREAM_METRICS_LISTEN_ADDR)")
    private String metricsListenAddr;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Directory of the journal (env: JETSTREAM_DATA_DIR)")
    private String dataDir;

    @Option(
            names = "--zstd-dictionary-path",
            paramLabel = "FILE",
            description = "The official zstd dictionary (env: JETSTREAM_ZSTD_DICTIONARY_PATH)")
    private String zstdDictionaryPath;

    @Option(
            names = "--event-ttl",
            paramLabel = "TIME",
            description = "How long events are kept, such as 24h (env: JETSTREAM_EVENT_TTL)")
    private String eventTtl;

    @Option(
            names = "--max-sub-rate",
            paramLabel = "N",
            description = "Events a second that one client address is sent; 0: no limit (env: JETSTREAM_MAX_SUB_RATE)")
    private String maxSubRate;

    @Option(
            names = "--override-relay-cursor",
            paramLabel = "SEQ",
            description =
                    "Resume the relay after SEQ instead of the journal's; -1: the journal's (env: JETSTREAM_OVERRIDE_RELAY_CURSOR)")
    private String overrideRelayCursor;

    @Option(
            names = "--liveness-ttl",
            paramLabel = "TIME",
            description =
                    "Reconnect when the relay was silent for this long, such as 15s (env: JETSTREAM_LIVENESS_TTL)")
    private String livenessTtl;

    @Option(
            names = "--worker-count",
            paramLabel = "N",
            description = "Batches decoded at the same time; 0: one a core (env: JETSTREAM_WORKER_COUNT)")
    private String workerCount;

    @Option(
            names = "--max-queue-size",
            paramLabel = "N",
            description = "Batches that may wait for the sequencer (env: JETSTREAM_MAX_QUEUE_SIZE)")
    private String maxQueueSize;

    /** The file that {@code --config} names. */
    Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    /** The flags that were given, by name: all options that take a text are settings of the server. */
    Map<String, String> flags() {
        Map<String, String> given = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            if (option.type() == String.class && option.getValue() != null) {
                given.put(option.longestName(), option.getValue());
            }
        }
        return given;
    }
}
