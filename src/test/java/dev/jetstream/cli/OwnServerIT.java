package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jetstream.app.Server;
import dev.jetstream.client.CommitEvent;
import dev.jetstream.client.Jetstream;
import dev.jetstream.client.JetstreamEvent;
import dev.jetstream.client.JetstreamOptions;
import dev.jetstream.client.StreamFilter;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.Inputs;
import dev.jetstream.relay.RelayOptions;
import dev.jetstream.relay.RelayServer;
import dev.jetstream.relay.SyntheticOptions;
import dev.jetstream.relay.SyntheticSource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The client and {@code tail} against the server of this project. */
@Timeout(120)
class OwnServerIT {
    @TempDir
    private static Path data;

    private static RelayServer relay;
    private static Server server;
    private static String url;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void start() throws Exception {
        relay = RelayServer.start(
                SyntheticSource.create(SyntheticOptions.defaults().withRate(300).withAccounts(50)),
                RelayOptions.anyPort());
        server = Server.start(ConfigLoader.load(Inputs.none()
                .with("--listen-addr", ":0")
                .with("--metrics-listen-addr", ":0")
                .with("--data-dir", data.toString())
                .with("--ws-url", relay.uri().toString())));
        url = "ws://localhost:" + server.httpAddress().getPort();
    }

    @AfterAll
    static void stop() {
        server.close();
        relay.close();
    }

    /** The first events of a stream. */
    private static List<JetstreamEvent> take(int count, JetstreamOptions.Builder options) throws InterruptedException {
        try (Jetstream jetstream = Jetstream.create(options.build())) {
            return take(count, jetstream, event -> {});
        }
    }

    private static List<JetstreamEvent> take(int count, Jetstream jetstream, Consumer<JetstreamEvent> action)
            throws InterruptedException {
        List<JetstreamEvent> events = new ArrayList<>();
        try {
            jetstream.forEach(event -> {
                events.add(event);
                action.accept(event);
                if (events.size() == count) {
                    throw new CancellationException();
                }
            });
        } catch (CancellationException e) {
            return events;
        }
        throw new AssertionError("the stream ended after " + events.size() + " events");
    }

    @Test
    void replaysFromACursorTheSameEventsEachTime() throws InterruptedException {
        List<JetstreamEvent> first = take(500, JetstreamOptions.builder(url).cursor(0));
        assertThat(first).extracting(JetstreamEvent::timeUs).isSorted().doesNotHaveDuplicates();
        assertThat(take(500, JetstreamOptions.builder(url).cursor(0))).isEqualTo(first);
        JetstreamEvent middle = first.get(250);
        assertThat(take(249, JetstreamOptions.builder(url).resumeAfter(middle.timeUs())))
                .isEqualTo(first.subList(251, 500));
    }

    @Test
    void compressedEventsAreTheSameOnes() throws InterruptedException {
        assertThat(take(100, JetstreamOptions.builder(url).cursor(0).compress(true)))
                .isEqualTo(take(100, JetstreamOptions.builder(url).cursor(0)));
    }

    @Test
    void theShapesOfV0MeanTheSame() throws InterruptedException {
        List<JetstreamEvent> v0 =
                take(100, JetstreamOptions.builder(url).cursor(0).format(JetstreamOptions.Format.V0));
        List<JetstreamEvent> v1 = take(100, JetstreamOptions.builder(url).cursor(0));
        assertThat(v0)
                .extracting(JetstreamEvent::did)
                .isEqualTo(v1.stream().map(JetstreamEvent::did).toList());
        assertThat(v0)
                .extracting(Object::getClass)
                .isEqualTo(v1.stream().<Object>map(Object::getClass).toList());
        assertThat(v0.get(0).json()).contains("\"type\":").doesNotContain("\"kind\":\"");
    }

    @Test
    void anUpdatedFilterIsPutInForceByTheServer() throws InterruptedException {
        StreamFilter likes =
                StreamFilter.builder().wantedCollections("app.bsky.feed.like").build();
        JetstreamOptions options = JetstreamOptions.builder(url)
                .wantedCollections("app.bsky.feed.post")
                .requireHello(true)
                .build();
        try (Jetstream jetstream = Jetstream.create(options)) {
            List<JetstreamEvent> events = take(200, jetstream, event -> {
                if (event instanceof CommitEvent commit && commit.collection().endsWith(".post")) {
                    jetstream.updateFilter(likes);
                }
            });
            List<String> collections = events.stream()
                    .filter(CommitEvent.class::isInstance)
                    .map(event -> ((CommitEvent) event).collection())
                    .toList();
            assertThat(collections).startsWith("app.bsky.feed.post").endsWith("app.bsky.feed.like");
            assertThat(collections).containsOnly("app.bsky.feed.post", "app.bsky.feed.like");
        }
    }

    private int tail(OutputStream out, String... args) {
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new CommandLine(new TailCommand(out, errors))
                .setParameterExceptionHandler(Main::onWrongArguments)
                .setErr(new PrintWriter(errors, true))
                .execute(args);
    }

    @Test
    void tailPrintsWhatTheClientReads() throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(tail(out, url.replace("ws:", "http:"), "--cursor", "-1h", "--limit", "50"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactlyElementsOf(
                        take(50, JetstreamOptions.builder(url).cursor(0)).stream()
                                .map(JetstreamEvent::json)
                                .toList());
    }

    @Test
    void tailSaysWhatTheServerRefuses() {
        assertThat(tail(OutputStream.nullOutputStream(), url, "--collection", "no spaces"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("invalid subscriber options: invalid collection: no spaces");
        err.reset();
        assertThat(tail(OutputStream.nullOutputStream(), url, "--require-hello", "--did", "nobody"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("invalid subscriber options: invalid did: nobody");
    }

    @Test
    void aServerWithTheOfficialDictionaryIsReadWithItsFile(@TempDir Path ownData) throws Exception {
        Path dictionary = Path.of(System.getProperty("jetstream.zstd", "../shared/zstd"), "zstd_dictionary");
        assumeTrue(Files.exists(dictionary), "the official dictionary is not at " + dictionary);
        try (Server compressing = Server.start(ConfigLoader.load(Inputs.none()
                .with("--listen-addr", ":0")
                .with("--metrics-listen-addr", ":0")
                .with("--data-dir", ownData.toString())
                .with("--zstd-dictionary-path", dictionary.toString())
                .with("--ws-url", relay.uri().toString())))) {
            String address = "ws://localhost:" + compressing.httpAddress().getPort();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(tail(out, address, "--dictionary", dictionary.toString(), "--limit", "20"))
                    .isZero();
            assertThat(out.toString(StandardCharsets.UTF_8).lines())
                    .hasSize(20)
                    .allMatch(line -> line.startsWith("{\"did\":"));
            assertThat(tail(out, address, "--compress")).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("the zstd dictionary 1612007021, and none was given; give its file with --dictionary");
        }
    }
}
