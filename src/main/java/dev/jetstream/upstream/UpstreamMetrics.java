package dev.jetstream.upstream;

import dev.jetstream.metrics.Counter;
import dev.jetstream.metrics.Gauge;
import dev.jetstream.metrics.Instruments;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The instruments of the relay's connection. Any thread may use them. */
public final class UpstreamMetrics {
    /** Why a connection to the relay ended or failed: the values of the label {@code reason}. */
    public enum End {
        /** No address for the host, no route, or nothing listens. */
        UNREACHABLE,
        /** The TLS handshake failed or a TLS record was bad. */
        TLS,
        /** TCP, TLS and the upgrade's answer took longer than {@code connect-timeout} in sum. */
        CONNECT_TIMEOUT,
        /** The upgrade was answered with an HTTP status other than 101. */
        REFUSED,
        /** The upgrade's answer was not HTTP, or not a valid answer of a websocket server. */
        BAD_ANSWER,
        /** The relay sent a close frame. */
        CLOSED,
        /** The TCP connection ended or was reset without a close frame. */
        DROPPED,
        /** No frame came for {@code liveness-ttl}. */
        LIVENESS,
        /** The relay broke RFC 6455. */
        PROTOCOL,
        /** The relay sent an error frame other than {@code FutureCursor}. */
        ERROR_FRAME,
        /** The relay said that the cursor lies in its future. */
        FUTURE_CURSOR,
        /** The source was stopped. */
        STOPPED;

        /** The value of the label, in lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why a message was skipped before decoding: the values of the label {@code reason}. */
    public enum Skipped {
        /** Larger than {@code max-frame-bytes}. */
        OVERSIZE,
        /** A text message: the firehose has binary ones only. */
        TEXT
    }

    public final Counter bytes =
            Instruments.counter("indigo_repo_stream_bytes", "Bytes of the frames that the relay delivered");
    public final Counter frames = Instruments.counter("jetstream_upstream_frames", "Frames that the relay delivered");
    public final Counter batches =
            Instruments.counter("jetstream_upstream_batches", "Batches of frames; frames per batch shows the load");
    public final Counter connects =
            Instruments.counter("jetstream_upstream_connects", "Connections to the relay that were upgraded");
    public final Counter outdatedCursors = Instruments.counter(
            "jetstream_upstream_outdated_cursors", "OutdatedCursor from the relay: events were lost upstream");
    public final Counter futureCursors = Instruments.counter(
            "jetstream_upstream_future_cursors", "FutureCursor from the relay: the stream continued live");
    public final Counter errorFrames =
            Instruments.counter("jetstream_upstream_error_frames", "Error frames from the relay, of any name");
    public final Counter heldBackMillis = Instruments.milliseconds(
            "jetstream_upstream_held_back", "Time that reading paused because the decoder was busy");
    public final Gauge connected =
            Instruments.gauge("jetstream_upstream_connected", "1 while the relay's connection is open, else 0");

    private final Map<End, Counter> ends = new EnumMap<>(End.class);
    private final Map<Skipped, Counter> skipped = new EnumMap<>(Skipped.class);

    public UpstreamMetrics() {
        for (End end : End.values()) {
            ends.put(
                    end,
                    Instruments.counter(
                            "jetstream_upstream_ends",
                            "Connections to the relay that ended or failed, by reason",
                            "reason",
                            end.label()));
        }
        for (Skipped why : Skipped.values()) {
            skipped.put(
                    why,
                    Instruments.counter(
                            "jetstream_upstream_skipped_messages",
                            "Messages of the relay that were skipped unread, by reason",
                            "reason",
                            why.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Shows the seconds since the relay's last frame; before the first, since the start. Computed for each page. */
    void ageOfLastFrame(DoubleSupplier seconds) {
        Instruments.computedGauge(
                "jetstream_upstream_seconds_since_last_frame",
                "Seconds since the relay's last frame; before the first, since the start",
                seconds);
    }

    /** The counter of one reason. */
    public Counter ends(End reason) {
        return ends.get(reason);
    }

    /** The counter of one reason. */
    public Counter skipped(Skipped reason) {
        return skipped.get(reason);
    }
}
