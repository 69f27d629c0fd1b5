package dev.jetstream.e2e;

import dev.jetstream.app.Server;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.Inputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The server in this process, on free ports. */
final class TestServer implements AutoCloseable {
    private final Server server;

    private TestServer(Server server) {
        this.server = server;
    }

    static TestServer start(Path data, URI relay) throws Exception {
        return start(data, relay, Map.of());
    }

    /** @param more values by full key */
    static TestServer start(Path data, URI relay, Map<String, String> more) throws Exception {
        return of(Server.start(settings(data, relay, more)));
    }

    /** @param file the operator's configuration file */
    static TestServer start(Path data, URI relay, Map<String, String> more, Path file) throws Exception {
        Inputs inputs = inputs(data, relay, more);
        return of(Server.start(ConfigLoader.load(new Inputs(
                Optional.of(file),
                inputs.flags(),
                inputs.environment(),
                inputs.workingDirectory(),
                inputs.programDirectory()))));
    }

    /** @param wallUs its wall clock, unix microseconds */
    static TestServer start(Path data, URI relay, Map<String, String> more, LongSupplier wallUs) throws Exception {
        return of(Server.start(settings(data, relay, more), wallUs));
    }

    /** One that runs already; it is stopped with this. */
    static TestServer of(Server server) {
        return new TestServer(server);
    }

    static ConfigLoader.Loaded settings(Path data, URI relay) throws Exception {
        return settings(data, relay, Map.of());
    }

    /** @param more values by full key */
    static ConfigLoader.Loaded settings(Path data, URI relay, Map<String, String> more) throws Exception {
        return ConfigLoader.load(inputs(data, relay, more));
    }

    private static Inputs inputs(Path data, URI relay, Map<String, String> more) {
        Inputs inputs = Inputs.none()
                .with("--ws-url", relay.toString())
                .with("--data-dir", data.toString())
                .with("--listen-addr", "127.0.0.1:0")
                .with("--metrics-listen-addr", "127.0.0.1:0")
                .with("jetstream.upstream.backoff-min", "10ms")
                .with("jetstream.upstream.backoff-max", "50ms")
                .with("jetstream.metrics.tick-interval", "100ms");
        for (Map.Entry<String, String> entry : more.entrySet()) {
            inputs = inputs.with(entry.getKey(), entry.getValue());
        }
        return inputs;
    }

    InetSocketAddress address() {
        return server.httpAddress();
    }

    InetSocketAddress metricsAddress() {
        return server.metricsAddress();
    }

    EventClient subscribe(String query, EventClient.Sink sink) throws IOException {
        return EventClient.open(address(), "/subscribe" + query, sink);
    }

    /** The metrics page of this moment. Figures are of the process: those of earlier servers are in it. */
    Scrape scrape() throws IOException {
        return Scrape.of(server.metricsAddress());
    }

    /** Waits until the page shows what a test expects, and returns it. */
    Scrape awaitScrape(Predicate<Scrape> shows) throws IOException {
        Scrape[] last = {scrape()};
        Await.until(() -> shows.test(last[0] = scrapeOrFail()), () -> "the page has " + last[0]);
        return last[0];
    }

    private Scrape scrapeOrFail() {
        try {
            return scrape();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops in order; {@link #close} has nothing left to do then. */
    void stop() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
    }
}
