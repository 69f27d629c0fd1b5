package dev.jetstream.cli;

import dev.jetstream.app.Server;
import dev.jetstream.app.StartupException;
import dev.jetstream.common.Version;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.ConfigurationException;
import dev.jetstream.config.Inputs;
import dev.jetstream.config.JetstreamConfig.LogConfig;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
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
            "Precedence: flags, system properties (-Djetstream.zstd.level=2), environment, file, defaults. The file "
                    + "reference.conf in the jar documents every setting with its environment variable."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("dev.jetstream.serve");

    /** A flag of Jetstream v1, which sets the environment variable of the same name. */
    private record Flag(String name, String label, String description) {
        OptionSpec option() {
            String variable =
                    "JETSTREAM_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
            return OptionSpec.builder(name)
                    .type(String.class)
                    .paramLabel(label)
                    .description(description + " (env: " + variable + ")")
                    .build();
        }
    }

    private static final List<Flag> FLAGS = List.of(
            new Flag("--ws-url", "URL", "The relay's firehose, ws:// or wss://"),
            new Flag("--listen-addr", "ADDR", "Public listener, such as :6008"),
            new Flag("--metrics-listen-addr", "ADDR", "Listener of /metrics, such as :6009"),
            new Flag("--data-dir", "DIR", "Directory of the journal"),
            new Flag("--zstd-dictionary-path", "FILE", "The official zstd dictionary"),
            new Flag("--event-ttl", "TIME", "How long to keep events, such as 24h"),
            new Flag("--max-sub-rate", "N", "Events per second for one client address; 0 for no limit"),
            new Flag("--override-relay-cursor", "SEQ", "Resume the relay after SEQ instead of the journal's position"),
            new Flag("--liveness-ttl", "TIME", "Reconnect when the relay sends nothing for this long, such as 15s"),
            new Flag("--worker-count", "N", "Batches to decode in parallel; 0 for one per core"),
            new Flag("--max-queue-size", "N", "Decoded batches that may wait for the sequencer"));

    @Spec
    private CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Configuration file (default: conf/application.conf in the working directory, or beside the jar).")
    private Path config;

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new ServeCommand());
        FLAGS.forEach(flag -> line.getCommandSpec().addOption(flag.option()));
        return line;
    }

    @Override
    public Integer call() throws ConfigurationException, StartupException {
        Inputs inputs = Inputs.ofProcess(Optional.ofNullable(config), flags());
        try {
            return serve(inputs);
        } catch (Throwable e) { // Scala code throws undeclared checked exceptions
            // Collectors of JSON logs read standard output only, so the reason is also the last line of the log.
            if (ConfigLoader.logsJson(inputs)) {
                Logging.apply(new LogConfig(LogConfig.Format.JSON, LogConfig.Level.INFO));
                boolean expected = e instanceof ConfigurationException || e instanceof StartupException;
                LOG.error("the server cannot start: {}", e.getMessage(), expected ? null : e);
            }
            throw e;
        }
    }

    private static int serve(Inputs inputs) throws ConfigurationException, StartupException {
        ConfigLoader.Loaded loaded = ConfigLoader.load(inputs);
        Logging.apply(loaded.config().log());
        Thread.setDefaultUncaughtExceptionHandler(ServeCommand::onUncaught);
        greet(loaded);
        try (Server server = Server.start(loaded)) {
            server.stopOnSignals();
            LOG.info("listening subscribe={} metrics={}", text(server.httpAddress()), text(server.metricsAddress()));
            return server.awaitTermination();
        }
    }

    /** The JVM would print it to standard error, which collectors of logs may not read. */
    static void onUncaught(Thread thread, Throwable failure) {
        LOG.error("thread ended by a failure name={}", thread.getName(), failure);
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

    /** The given flags by name. {@code config} parses and checks their values. */
    private Map<String, String> flags() {
        Map<String, String> given = new LinkedHashMap<>();
        for (Flag flag : FLAGS) {
            String value = command.commandLine().getParseResult().matchedOptionValue(flag.name, null);
            if (value != null) {
                given.put(flag.name, value);
            }
        }
        return given;
    }
}
