package dev.jetstream.cli;

import dev.jetstream.app.Server;
import dev.jetstream.app.StartupException;
import dev.jetstream.app.StopSignals;
import dev.jetstream.common.Version;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.ConfigurationException;
import dev.jetstream.config.Inputs;
import dev.jetstream.config.LogConfig;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serve}: the server, until it is told to stop. */
@Command(
        name = "serve",
        description = "Runs the server (also what happens without a command).",
        footer = {
            "",
            "Each flag has an environment variable: --ws-url is JETSTREAM_WS_URL, --event-ttl is JETSTREAM_EVENT_TTL, and so on. "
                    + "Precedence: flags, system properties (-Djetstream.zstd.level=2), environment, file, defaults. The "
                    + "file reference.conf in the jar documents every setting with its environment variable."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("dev.jetstream.serve");

    @Mixin
    private ServerOptions options;

    @Override
    public Integer call() throws ConfigurationException, StartupException {
        // A server that is still starting has written nothing: it may simply end.
        StopSignals.install(() -> System.exit(ExitCode.OK));
        Inputs inputs = Inputs.ofProcess(options.config(), options.flags());
        try {
            return serve(inputs);
        } catch (ConfigurationException | StartupException | RuntimeException e) {
            // Readers of JSON read standard output only: the reason is the log's last line as well.
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

    /** The first lines of a start: what runs, from which file, where to and where from. */
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

    /** An address as the configuration writes it: without a host where it is all interfaces. */
    private static String text(InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress()
                ? ""
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** A URL as it may stand in a log: neither user and password nor the query, which may hold a token. */
    static String withoutSecrets(URI url) {
        String authority = url.getRawAuthority();
        return url.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1) + url.getPath();
    }
}
