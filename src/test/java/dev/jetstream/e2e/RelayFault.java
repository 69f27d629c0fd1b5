package dev.jetstream.e2e;

import dev.jetstream.relay.RelayServer;
import dev.jetstream.websocket.FrameHeader;
import java.util.Map;
import java.util.function.Consumer;

/** What a relay may do wrong, how the server counts it, and how often that must happen before the relay comes to itself. */
enum RelayFault {
    DROPS_TCP_MID_FRAME(ended("dropped"), 1, RelayServer::dropMidFrame),
    RESETS(ended("dropped"), 1, RelayServer::dropConnections),
    SENDS_A_CLOSE_FRAME(ended("closed"), 1, relay -> relay.closeConnections(1001, "restart")),
    HALF_OPEN(ended("liveness"), 2, RelayServer::goSilent, RelayServer::resume),
    REFUSES_WITH_429(ended("refused"), 20, relay -> refuse(relay, 429), relay -> relay.refuseUpgrades(0)),
    REFUSES_WITH_502(ended("refused"), 20, relay -> refuse(relay, 502), relay -> relay.refuseUpgrades(0)),
    ENDS_AT_ONCE(
            ended("dropped"),
            40,
            relay -> {
                relay.endAtOnce(true);
                relay.dropConnections();
            },
            relay -> relay.endAtOnce(false)),
    REPLAYS_OLD_SEQS(
            "jetstream_events_dropped_total{reason=\"repeat\"}",
            100,
            relay -> {
                relay.replayBeforeCursors(100);
                relay.dropConnections();
            },
            relay -> relay.replayBeforeCursors(0)),
    SENDS_FRAMES_OF_10_MIB("jetstream_upstream_skipped_messages_total{reason=\"oversize\"}", 3, relay -> {
        byte[] frame = FrameHeader.frame(FrameHeader.BINARY, new byte[10 << 20]);
        for (int i = 0; i < 3; i++) {
            relay.injectBytes(frame);
        }
    }),
    ONE_BYTE_AT_A_TIME(
            "jetstream_upstream_frames_total", 30, relay -> relay.trickle(true), relay -> relay.trickle(false));

    /** The longest wait before the next attempt: far longer than an attempt takes, so that one without a wait shows. */
    static final int MAX_BACKOFF_MILLIS = 40;

    private final String counter;
    private final int times;
    private final Consumer<RelayServer> begins;
    private final Consumer<RelayServer> ends;

    RelayFault(String counter, int times, Consumer<RelayServer> begins) {
        this(counter, times, begins, relay -> {});
    }

    RelayFault(String counter, int times, Consumer<RelayServer> begins, Consumer<RelayServer> ends) {
        this.counter = counter;
        this.times = times;
        this.begins = begins;
        this.ends = ends;
    }

    private static String ended(String reason) {
        return "jetstream_upstream_ends_total{reason=\"" + reason + "\"}";
    }

    private static void refuse(RelayServer relay, int status) {
        relay.refuseUpgrades(status);
        relay.dropConnections();
    }

    String counter() {
        return counter;
    }

    int times() {
        return times;
    }

    void begin(RelayServer relay) {
        begins.accept(relay);
    }

    void end(RelayServer relay) {
        ends.accept(relay);
    }

    Map<String, String> settings() {
        return Map.of(
                "jetstream.upstream.backoff-min",
                "1ms",
                "jetstream.upstream.backoff-max",
                MAX_BACKOFF_MILLIS + "ms",
                "jetstream.upstream.liveness-ttl",
                this == HALF_OPEN ? "200ms" : "15s");
    }
}
