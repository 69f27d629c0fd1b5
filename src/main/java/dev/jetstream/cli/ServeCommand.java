package dev.jetstream.cli;

import dev.jetstream.app.Server;
import dev.jetstream.app.StartupException;
import dev.jetstream.app.StopSignals;
import dev.jetstream.common.Version;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.ConfigurationException;
import dev.jetstream.config.Inputs;
import dev.jetstream.config.JetstreamConfig.LogConfig;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: runs the server until a signal stops it. Flags have the names of Jetstream v1. */
@Command(
        name = "serve",
        description = "Runs the server (the default command).",
        footer = {
            "",
            "Each flag has an environment variable: --ws-url is JETSTREAM_WS_URL, --event-ttl is JETSTREAM_EVENT_TTL, and so on. "
                    + "Precedence: flags, system properties (-Djetstream.zstd.level=2), environment, file, defaults. The "
                    + "file reference.conf in the jar documents every setting with its environment variable."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("dev.jetstream.serve");

    @Spec
    private CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Configuration file (default: conf/application.conf in the working directory, or beside the jar).")
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
            description = "How long to keep events, such as 24h (env: JETSTREAM_EVENT_TTL)")
    private String eventTtl;

    @Option(
            names = "--max-sub-rate",
            paramLabel = "N",
            description = "Events per second for one client address; 0 for no limit (env: JETSTREAM_MAX_SUB_RATE)")
    private String maxSubRate;

    @Option(
            names = "--override-relay-cursor",
            paramLabel = "SEQ",
            description =
                    "Resume the relay after SEQ instead of the journal's position; -1 for the journal's (env: JETSTREAM_OVERRIDE_RELAY_CURSOR)")
    private String overrideRelayCursor;

    @Option(
            names = "--liveness-ttl",
            paramLabel = "TIME",
            description =
                    "Reconnect when the relay sends nothing for this long, such as 15s (env: JETSTREAM_LIVENESS_TTL)")
    private String livenessTtl;

    @Option(
            names = "--worker-count",
            paramLabel = "N",
            description = "Batches to decode in parallel; 0 for one per core (env: JETSTREAM_WORKER_COUNT)")
    private String workerCount;

    @Option(
            names = "--max-queue-size",
            paramLabel = "N",
            description = "Decoded batches that may wait for the sequencer (env: JETSTREAM_MAX_QUEUE_SIZE)")
    private String maxQueueSize;

    @Override
    public Integer call() throws ConfigurationException, StartupException {
        // Until the server is started there is nothing to stop in order.
        StopSignals.install(() -> System.exit(ExitCode.OK));
        Inputs inputs = Inputs.ofProcess(Optional.ofNullable(config), flags());
        try {
            return serve(inputs);
        } catch (ConfigurationException | StartupException | RuntimeException e) {
            // Collectors of JSON logs read standard output only, so the reason is also the last line of the log.
            if (ConfigLoader.logsJson(inputs)) {
                Logging.apply(new LogConfig(LogConfig.Format.JSON, LogConfig.Level.INFO));
                LOG.error("the server cannot start: {}", e.getMessage(), e instanceof RuntimeException ? e : null);
            }
            throw e;
        }
    }

    private static int serve(Inputs inputs) throws ConfigurationException, StartupException {
        ConfigLoader.Loaded loaded = ConfigLoader.load(inputs);
        Logging.apply(loaded.config().log());
        greet(loaded);
        try (Server server = Server.start(loaded)) {
            server.stopOnSignals();
            LOG.info("listening subscribe={} metrics={}", text(server.httpAddress()), text(server.metricsAddress()));
            return server.awaitTermination();
        }
    }

    /** Logs the version, the configuration file, the relay and the data directory. */
    static void greet(ConfigLoader.Loaded loaded) {
        Runtime runtime = Runtime.getRuntime();
        LOG.info(
                "jetstream {} on Java {}, cores={} heap={}MiB",
                Version.TEXT,
                Runtime.version(),
                runtime.availableProcessors(),
                runtime.maxMemory() >> 20);
        LOG.info("configuration file: {}", loaded.source());
        loaded.notices().forEach(notice -> LOG.warn("{}", notice));
        LOG.info(
                "relay={} data={}",
                withoutSecrets(loaded.config().upstream().url()),
                loaded.config().journal().dataDir().toAbsolutePath().normalize());
    }

    /** The address in the form of the configuration: without a host if it is all interfaces. */
    private static String text(InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress()
                ? ""
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** The URL without user, password and query, any of which may be secret. */
    static String withoutSecrets(URI url) {
        String authority = url.getRawAuthority();
        return url.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1) + url.getPath();
    }

    /** The given flags by name. All options of type String are settings, which {@code config} parses and checks. */
    private Map<String, String> flags() {
        Map<String, String> given = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            if (option.type() == String.class && option.getValue() != null) {
                given.put(option.longestName(), option.getValue());
            }
        }
        return given;
    }
}
