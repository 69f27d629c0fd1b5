package dev.jetstream.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The packaged server as a process of its own, on free ports. */
final class JarServer implements AutoCloseable {
    /** The program that runs this JVM. */
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private static final Pattern LISTENING = Pattern.compile("listening subscribe=\\S*:(\\d+) metrics=\\S*:(\\d+)");

    private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    private final Process process;
    private final List<String> said = new ArrayList<>();
    private final Thread listening = new Thread(this::listen, "jar-server-output");
    private volatile InetSocketAddress http;
    private volatile InetSocketAddress metrics;

    private JarServer(Process process) {
        this.process = process;
    }

    /** As {@link #launch}, and waits until it listens. */
    static JarServer start(Path directory, URI relay, List<String> jvmOptions, String... flags) throws IOException {
        return launch(directory, relay, jvmOptions, flags).awaitListening();
    }

    /**
     * The same with settings of the test's own.
     *
     * @param settings by their names in the environment; they win over those that make tests quick
     */
    static JarServer start(Path directory, URI relay, List<String> jvmOptions, Map<String, String> settings)
            throws IOException {
        return launch(directory, relay, jvmOptions, settings).awaitListening();
    }

    /**
     * Starts the process.
     *
     * @param directory its working directory, and its data's
     * @param jvmOptions before {@code -jar}
     * @param flags of {@code serve}
     */
    static JarServer launch(Path directory, URI relay, List<String> jvmOptions, String... flags) throws IOException {
        return launch(directory, relay, jvmOptions, Map.of(), flags);
    }

    private static JarServer launch(
            Path directory, URI relay, List<String> jvmOptions, Map<String, String> settings, String... flags)
            throws IOException {
        List<String> command = java(jvmOptions);
        command.addAll(List.of("serve", "--ws-url", relay.toString()));
        command.addAll(List.of("--listen-addr", "127.0.0.1:0", "--metrics-listen-addr", "127.0.0.1:0"));
        command.addAll(List.of(flags));
        ProcessBuilder builder = builder(directory, command);
        builder.environment().put("JETSTREAM_UPSTREAM_BACKOFF_MIN", "10ms");
        builder.environment().put("JETSTREAM_METRICS_TICK_INTERVAL", "100ms");
        builder.environment().put("JETSTREAM_SUBSCRIBER_STALL_TIMEOUT", "1s");
        builder.environment().putAll(settings);
        JarServer server = new JarServer(builder.start());
        server.listening.setDaemon(true);
        server.listening.start();
        return server;
    }

    /** The beginning of a command line that runs the jar. */
    static List<String> java(List<String> jvmOptions) {
        Path jar = Path.of(System.getProperty("jetstream.jar", "target/jetstream.jar"))
                .toAbsolutePath();
        assumeTrue(Files.exists(jar), () -> "there is no " + jar + ": mvn package makes it");
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** A process in a directory that has nothing of this one's settings, and both streams in one. */
    static ProcessBuilder builder(Path directory, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("JETSTREAM_") || name.contains("JAVA"));
        return builder;
    }

    /** Waits until it listens; fails if it ended. */
    JarServer awaitListening() {
        Await.until(() -> http != null || !listening.isAlive(), this::said);
        if (http == null) {
            throw new AssertionError("it ended: " + said());
        }
        return this;
    }

    private void listen() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (said) {
                    said.add(line);
                }
                Matcher addresses = LISTENING.matcher(line);
                if (addresses.find()) {
                    metrics = new InetSocketAddress("127.0.0.1", Integer.parseInt(addresses.group(2)));
                    http = new InetSocketAddress("127.0.0.1", Integer.parseInt(addresses.group(1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it printed so far, on both streams. */
    String said() {
        synchronized (said) {
            return String.join("\n", said);
        }
    }

    /** What it printed from the first line on that ends with this text; nothing if it did not print it. */
    String saidFrom(String text) {
        synchronized (said) {
            return said.stream().dropWhile(line -> !line.endsWith(text)).collect(Collectors.joining("\n"));
        }
    }

    InetSocketAddress address() {
        return http;
    }

    /** Looks at the page until it shows what a test expects, and gives it back. */
    Scrape awaitScrape(Predicate<Scrape> shows) {
        Scrape[] last = {scrapeOrFail()};
        Await.until(() -> shows.test(last[0] = scrapeOrFail()), () -> "the page has " + last[0]);
        return last[0];
    }

    Scrape scrape() throws IOException {
        return Scrape.of(metrics);
    }

    /** The same for where nothing may be thrown. */
    Scrape scrapeOrFail() {
        try {
            return scrape();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of the objects that are in use on the server's heap, after it has collected all others. */
    long liveHeapBytes() throws IOException {
        Process jcmd = new ProcessBuilder(
                        JAVA.resolveSibling("jcmd").toString(), Long.toString(pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = jcmd.inputReader()) {
            List<String> lines = out.lines().toList();
            return lines.stream()
                    .map(HISTOGRAM_TOTAL::matcher)
                    .filter(Matcher::matches)
                    .findFirst()
                    .map(total -> Long.parseLong(total.group(1)))
                    .orElseThrow(() -> new IOException("jcmd said " + lines));
        }
    }

    /** The process's number. */
    long pid() {
        return process.pid();
    }

    /** Sends TERM. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Lets it run; fails if it ends by itself meanwhile. */
    JarServer letRun(long millis) throws InterruptedException {
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it ended by itself: " + said());
        }
        return this;
    }

    /** Sends KILL, and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for its end; fails if it takes longer. */
    int awaitExit(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("it still runs after " + seconds + " s: " + said());
        }
        listening.join();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
