package dev.jetstream.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A {@link PublicClient} as a process. What it says is in {@code src/test/clients/node/say.mjs}. */
final class ScriptedClient implements AutoCloseable {
    static final String OPEN = "#open";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long END_SECONDS = 10;

    private final PublicClient client;
    private final Process process;
    private final Writer updates;
    private final List<String> said = new ArrayList<>();
    private final Thread listening = new Thread(this::listen, "scripted-client");
    private int events;

    private ScriptedClient(PublicClient client, Process process) {
        this.client = client;
        this.process = process;
        this.updates = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** What a client asks for. */
    static final class Ask {
        private final Map<String, Object> asked = new TreeMap<>();

        Ask(InetSocketAddress server) {
            asked.put("url", "ws://127.0.0.1:" + server.getPort() + "/subscribe");
        }

        Ask filter(TestFilter filter) {
            asked.putAll(filters(filter));
            return this;
        }

        Ask cursor(long timeUs) {
            asked.put("cursor", timeUs);
            return this;
        }

        Ask dictionary(Path file) {
            asked.put("dictionary", file.toAbsolutePath().toString());
            return this;
        }

        ScriptedClient start(PublicClient client) throws IOException {
            ScriptedClient started = new ScriptedClient(
                    client,
                    client.runtime
                            .script(client.script, JSON.writeValueAsString(asked))
                            .redirectErrorStream(true)
                            .start());
            started.listening.setDaemon(true);
            started.listening.start();
            return started;
        }
    }

    private static Map<String, Object> filters(TestFilter filter) {
        return Map.of("wantedCollections", filter.collections(), "wantedDids", filter.dids());
    }

    private void listen() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (said) {
                    said.add(line);
                    events += PublicClient.isEvent(line) ? 1 : 0;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces its filters. */
    void update(TestFilter filter) throws IOException {
        updates.write(JSON.writeValueAsString(filters(filter)) + "\n");
        updates.flush();
    }

    /** The events that it printed so far. */
    List<String> events() {
        return said().stream().filter(PublicClient::isEvent).toList();
    }

    /** All that it printed so far. */
    List<String> said() {
        synchronized (said) {
            return List.copyOf(said);
        }
    }

    int eventCount() {
        synchronized (said) {
            return events;
        }
    }

    ScriptedClient awaitEvents(int count) {
        Await.until(
                () -> eventCount() >= count || !process.isAlive(),
                () -> client + " had " + eventCount() + " of " + count + " events");
        if (eventCount() < count) {
            throw new AssertionError(client + " ended: " + said());
        }
        return this;
    }

    /** Ends its input, which ends it. */
    @Override
    public void close() throws IOException {
        updates.close();
        try {
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
