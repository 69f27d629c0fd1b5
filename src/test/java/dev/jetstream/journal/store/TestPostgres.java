package dev.jetstream.journal.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jetstream.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the tests' own: Debian's programs, a new cluster in a temporary directory, a free port. One for all
 * tests of a JVM; it ends with it.
 */
public final class TestPostgres {
    public static final String USER = "jetstream";
    public static final String PASSWORD = "a secret";

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static TestPostgres shared;

    private final Path programs;
    private final List<String> asUser;
    private final Path directory;
    private final int port;
    private Process server;

    private TestPostgres(Path programs, List<String> asUser, Path directory, int port) {
        this.programs = programs;
        this.asUser = asUser;
        this.directory = directory;
        this.port = port;
    }

    /** The running server; skips the test where PostgreSQL is not installed. */
    public static synchronized TestPostgres get() throws Exception {
        if (shared == null) {
            Optional<Path> programs = programs();
            assumeTrue(
                    programs.isPresent(), "needs PostgreSQL in " + VERSIONS + " (Debian: apt-get install postgresql)");
            shared = make(programs.get());
        }
        return shared;
    }

    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin ->
                            Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.comparing(Path::toString));
        }
    }

    private static TestPostgres make(Path programs) throws Exception {
        Path directory = Files.createTempDirectory("jetstream-postgres-");
        List<String> asUser = asUser(directory);
        TestPostgres made = new TestPostgres(programs, asUser, directory, freePort());
        Runtime.getRuntime().addShutdownHook(new Thread(made::delete, "postgres-end"));
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        made.run(
                "initdb",
                "--pgdata=" + made.data(),
                "--username=" + USER,
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        made.start();
        return made;
    }

    /** PostgreSQL refuses to run as root: what runs a command as another user, who gets the directory. */
    private static List<String> asUser(Path directory) throws Exception {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        for (String user : List.of("postgres", "nobody")) {
            if (exitCode("id", user) == 0) {
                exitCode("chown", user, directory.toString());
                return List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--");
            }
        }
        throw new IllegalStateException("no user other than root to run PostgreSQL as");
    }

    private static int exitCode(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    private ProcessBuilder command(String program, String... arguments) {
        List<String> command = new ArrayList<>(asUser);
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()));
    }

    private void run(String program, String... arguments) throws Exception {
        int code = command(program, arguments).start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(program + " ended with " + code + ": " + log());
        }
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    /** Starts it, after {@link #stop} again, on the same port with the same data. */
    public void start() throws Exception {
        server = command(
                        "postgres",
                        "-D",
                        data().toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off")
                .start();
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!answers()) {
            if (!server.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("PostgreSQL does not start: " + log());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Ends it as a crash does: without a word to those connected, and with a recovery at the next start. */
    public void stop() throws Exception {
        run("pg_ctl", "stop", "--pgdata=" + data(), "--mode=immediate", "--wait");
        server.waitFor();
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, PASSWORD);
    }

    /** Makes an empty database, and returns its name. */
    public String newDatabase() {
        String name = "test" + DATABASES.incrementAndGet();
        sql("postgres", "CREATE DATABASE " + name);
        return name;
    }

    /** Where a database is, as the configuration wants it. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Executes a statement. */
    public void sql(String database, String statement) {
        try (Connection connection = connect(database);
                Statement made = connection.createStatement()) {
            made.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    private void delete() {
        try {
            if (server != null && server.isAlive()) {
                stop();
            }
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        } catch (Exception e) {
            System.err.println("the test's PostgreSQL was not put away: " + e);
        }
    }
}
