package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.decode.Cbor;
import dev.jetstream.decode.Frame;
import dev.jetstream.relay.RelayOptions;
import dev.jetstream.relay.RelayServer;
import dev.jetstream.relay.SyntheticNetwork;
import dev.jetstream.websocket.FrameHeader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a relay should never send is counted by its reason, and the next frame still flows. */
@Timeout(180)
class BadUpstreamIT {
    private static final Ledger LEDGER = new Ledger();
    private static final SyntheticNetwork NETWORK = new SyntheticNetwork(3, 20, 1, InstantSource.system());
    private static final FrameList FRAMES = new FrameList();

    @TempDir
    private static Path data;

    private static RelayServer relay;
    private static TestServer server;
    private static Follower follower;
    private static long lastSeq;

    @BeforeAll
    static void start() throws Exception {
        relay = RelayServer.start(FRAMES, RelayOptions.anyPort());
        goodFrame();
        server = TestServer.start(data, relay.uri(), Map.of("jetstream.upstream.max-frame-bytes", "256KiB"));
        follower = new Follower(LEDGER, 0).connect(server.address(), "?cursor=0");
        goodFrameFlows();
    }

    @AfterAll
    static void stop() throws Exception {
        follower.close();
        server.close();
        relay.close();
    }

    private static void goodFrame() {
        SyntheticNetwork.Made made = NETWORK.next();
        LEDGER.accept(made.sent());
        FRAMES.add(made.sent().seq(), made.frame());
        lastSeq = made.sent().seq();
    }

    /** The subscriber gets what is in the next good frame, and nothing of what came before it. */
    private static void goodFrameFlows() {
        int had = LEDGER.count();
        while (LEDGER.count() == had) {
            goodFrame();
        }
        follower.awaitEvent(LEDGER.count());
    }

    /** A seq that no good frame has. */
    private static long spareSeq() {
        return NETWORK.next().sent().seq();
    }

    static Stream<BadFrames.Case> badFrames() {
        return BadFrames.all();
    }

    @ParameterizedTest
    @MethodSource("badFrames")
    void aBadFrameIsCountedAndTheNextOneFlows(BadFrames.Case bad) throws Exception {
        Scrape before = settled();
        long seq = spareSeq();

        FRAMES.add(seq, bad.frame().apply(seq));

        goodFrameFlows();
        assertThat(drops(settled(), before)).isEqualTo(Set.of(bad.reason() + " 1"));
        assertThat(server.scrape().since(before, "jetstream_upstream_connects_total"))
                .isZero();
    }

    /** The page once it has all that was sent. */
    private static Scrape settled() throws Exception {
        return server.awaitScrape(page -> page.value("consumer_last_seq") == lastSeq);
    }

    private static Set<String> drops(Scrape after, Scrape before) {
        String name = "jetstream_events_dropped_total";
        return after.all(name).keySet().stream()
                .filter(labels -> !labels.contains("\"sync\""))
                .filter(labels -> after.since(before, name + labels) > 0)
                .map(labels ->
                        labels.replaceAll(".*\"(.*)\".*", "$1") + " " + (long) after.since(before, name + labels))
                .collect(Collectors.toSet());
    }

    @Test
    void aTimeThatIsNoneIsCountedAndItsEventSentAllTheSame() throws Exception {
        Scrape before = settled();
        long seq = spareSeq();
        LineSink sink = LineSink.plain();
        try (EventClient client = server.subscribe("?wantedDids=" + Frame.DID, sink)) {
            Map<String, Object> body = Frame.identity();
            body.put("seq", seq);
            body.put("time", "yesterday");
            FRAMES.add(seq, Frame.of(Frame.header("#identity"), body));
            Await.until(() -> sink.size() == 1, () -> "the event; close code " + client.closeCode());
        }
        assertThat(sink.lines().get(0)).contains("\"time\":\"yesterday\"");
        follower.close();
        follower = new Follower(LEDGER, LEDGER.count()).connect(server.address(), "");
        goodFrameFlows();
        server.awaitScrape(page -> drops(page, before).equals(Set.of("bad_time 1")));
    }

    @Test
    void aFrameSentTwiceIsOneEvent() throws Exception {
        Scrape before = settled();
        SyntheticNetwork.Made made = NETWORK.next();
        LEDGER.accept(made.sent());
        FRAMES.add(made.sent().seq(), made.frame());
        FRAMES.add(made.sent().seq(), made.frame());
        goodFrameFlows();
        server.awaitScrape(page -> drops(page, before).equals(Set.of("repeat 1")));
    }

    @Test
    void anErrorFrameEndsTheConnectionAndTheNextOneGoesOn() throws Exception {
        Scrape before = settled();
        relay.inject(Cbor.concat(
                Cbor.of(Map.of("op", -1)), Cbor.of(Map.of("error", "ConsumerTooSlow", "message", "too slow"))));
        server.awaitScrape(page -> page.since(before, "jetstream_upstream_ends_total{reason=\"error_frame\"}") == 1);
        goodFrameFlows();
        server.awaitScrape(page -> page.since(before, "jetstream_upstream_connects_total") == 1);
    }

    @ParameterizedTest
    @CsvSource({"text,TEXT,20", "oversize,BINARY,300000"})
    void aMessageThatIsNoFrameIsSkipped(String reason, String opcode, int bytes) throws Exception {
        Scrape before = settled();
        int code = opcode.equals("TEXT") ? FrameHeader.TEXT : FrameHeader.BINARY;
        relay.injectBytes(FrameHeader.frame(code, "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII)));
        server.awaitScrape(page ->
                page.since(before, "jetstream_upstream_skipped_messages_total{reason=\"" + reason + "\"}") == 1);
        goodFrameFlows();
        assertThat(server.scrape().since(before, "jetstream_upstream_connects_total"))
                .isZero();
    }

    @Test
    void garbageInsteadOfWebsocketEndsTheConnectionAndTheNextOneGoesOn() throws Exception {
        Scrape before = settled();
        relay.injectBytes(new byte[] {(byte) 0xFF, (byte) 0xFF, 1, 2, 3});
        server.awaitScrape(page -> page.since(before, "jetstream_upstream_ends_total{reason=\"protocol\"}") == 1);
        goodFrameFlows();
        server.awaitScrape(page -> page.since(before, "jetstream_upstream_connects_total") == 1);
    }
}
