package dev.jetstream.cli;

import dev.jetstream.app.Server;
import dev.jetstream.app.StartupException;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.ConfigurationException;
import dev.jetstream.config.Inputs;
import dev.jetstream.relay.RelayOptions;
import dev.jetstream.relay.RelayServer;
import dev.jetstream.relay.SyntheticOptions;
import dev.jetstream.relay.SyntheticSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code demo}: a synthetic relay and a server in one process, without a network.
 *
 * <p>It ignores the environment and the configuration file, so that synthetic events never reach the journal of a real server.
 */
@Command(
        name = "demo",
        description = "Runs a synthetic relay and a server that reads it, without a network, to try things out.")
final class DemoCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 6008;
    private static final int MAX_PORT = 65_534;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "Port of the server; metrics use P+1 (default: 6008, or any free ports).")
    private Integer port;

    @Option(names = "--rate", paramLabel = "N", description = "Frames per second (default: 50).")
    private double rate = SyntheticOptions.defaults().rate();

    @Option(names = "--accounts", paramLabel = "N", description = "Number of accounts (default: 100).")
    private int accounts = SyntheticOptions.defaults().accounts();

    @Option(names = "--seed", paramLabel = "S", description = "The same seed gives the same repositories (default: 1).")
    private long seed = SyntheticOptions.defaults().seed();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Directory of the journal (default: a temporary directory, deleted at the end).")
    private Path dataDir;

    @Override
    public Integer call() throws StartupException, ConfigurationException {
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw new ParameterException(command.commandLine(), "--port must be from 0 to " + MAX_PORT + ": " + port);
        }
        try (TemporaryDirectory temporary = dataDir == null ? TemporaryDirectory.create("jetstream-demo-") : null) {
            return run(temporary == null ? dataDir : temporary.path());
        }
    }

    private int run(Path data) throws StartupException, ConfigurationException {
        SyntheticOptions network;
        try {
            network = SyntheticOptions.defaults()
                    .withRate(rate)
                    .withAccounts(accounts)
                    .withSeed(seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        int http = port != null ? port : areFree(USUAL_PORT, USUAL_PORT + 1) ? USUAL_PORT : 0;
        Inputs inputs = Inputs.none()
                .with("jetstream.log.level", "warn")
                // Few enough that no warning about the limit of open files is printed.
                .with("jetstream.http.max-connections", "200")
                .with("--listen-addr", ":" + http)
                .with("--metrics-listen-addr", ":" + (http == 0 ? 0 : http + 1))
                .with("--data-dir", data.toString());
        Logging.apply(ConfigLoader.load(inputs).config().log());
        try (RelayServer relay = RelayServer.start(SyntheticSource.create(network), RelayOptions.anyPort());
                Server server = Server.start(
                        ConfigLoader.load(inputs.with("--ws-url", relay.uri().toString())))) {
            server.stopOnSignals();
            print(server, data);
            return server.awaitTermination();
        } catch (IOException e) {
            throw new StartupException(e.getMessage(), e);
        }
    }

    private static boolean areFree(int... ports) {
        for (int port : ports) {
            try {
                new ServerSocket(port).close();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private void print(Server server, Path data) {
        int http = server.httpAddress().getPort();
        int metrics = server.metricsAddress().getPort();
        PrintWriter out = command.commandLine().getOut();
        out.printf(
                "Synthetic events of %d accounts, %s frames per second. In another terminal, try:%n%n",
                accounts, rate == 0 ? "as many as possible" : number(rate));
        out.printf("  page      http://localhost:%d/%n", http);
        out.printf("  events    %s tail --limit 5 ws://localhost:%d/subscribe%n", commandToRunThisJar(), http);
        out.printf("  state     curl http://localhost:%d/readyz%n", http);
        out.printf("  metrics   curl http://localhost:%d/metrics%n", metrics);
        out.printf("  journal   %s%s%n%n", data, dataDir == null ? " (deleted at the end)" : "");
        out.println("Ctrl-C stops it.");
        out.flush();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** The command that runs this jar from the working directory. */
    private static String commandToRunThisJar() {
        try {
            Path jar = Path.of(DemoCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path here = Path.of("").toAbsolutePath();
            return "java -jar " + (jar.startsWith(here) ? here.relativize(jar) : jar);
        } catch (URISyntaxException | IllegalArgumentException | NullPointerException e) {
            return "java -jar jetstream.jar";
        }
    }

    /** A directory that is deleted with its contents when closed. */
    private record TemporaryDirectory(Path path) implements AutoCloseable {
        private static final Logger LOG = LoggerFactory.getLogger(TemporaryDirectory.class);

        /** @throws StartupException if it cannot be created */
        static TemporaryDirectory create(String prefix) throws StartupException {
            try {
                return new TemporaryDirectory(Files.createTempDirectory(prefix));
            } catch (IOException e) {
                throw new StartupException(
                        "cannot create a temporary directory (" + e.getMessage()
                                + "); name a directory with --data-dir",
                        e);
            }
        }

        @Override
        public void close() {
            try (Stream<Path> walk = Files.walk(path)) {
                List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
                for (Path entry : deepestFirst) {
                    Files.deleteIfExists(entry);
                }
            } catch (IOException | UncheckedIOException e) {
                LOG.warn("could not delete the temporary directory path={} reason={}", path, e.toString());
            }
        }
    }
}
