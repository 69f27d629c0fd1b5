package dev.jetstream.upstream;

import dev.jetstream.common.Backoff;
import dev.jetstream.common.Text;
import dev.jetstream.config.UpstreamConfig;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.UpstreamMetrics.End;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process knows about its relay across connections: where the next one starts, how long to wait before it, its state.
 *
 * <p>One per process: a stream that starts again, for instance after a failure of the journal, continues with it, so that an
 * override of the cursor counts once and the backoff is kept. Any thread.
 */
public final class RelaySession {
    /**
     * The state of the connection at one moment.
     *
     * @param relay the relay's URL without query and user
     * @param connected whether the connection is open and upgraded
     * @param sinceLastFrame age of the newest frame of this process; empty before the first
     * @param connects connections that were upgraded since the process started
     * @param lastError why the last connection ended or failed, in one line; empty if none has
     */
    public record State(
            String relay, boolean connected, Optional<Duration> sinceLastFrame, long connects, String lastError) {}

    /**
     * Where a connection starts.
     *
     * @param cursor seq to resume after; empty: live
     * @param why for the log
     */
    record Start(OptionalLong cursor, Connection connection, String why) {}

    private static final Logger LOG = LoggerFactory.getLogger(RelaySession.class);

    private final UpstreamConfig config;
    private final UpstreamMetrics metrics;
    private final SSLContext tls;
    private final Timing timing;
    private final RelayUrl url;
    private final Backoff backoff;

    private long connectionId;
    private boolean connected;
    private boolean delivered;
    private long deliveringSinceNanos;
    private boolean overridePending;
    /** Why the next connection must start live, whatever the journal says; null if it need not. */
    private String livePending;

    /** The connection during which this was required: only frames of a later one satisfy it. */
    private long liveAskedAtId;

    private boolean saidRelayChanged;
    private long connects;
    private String lastError = "";
    private boolean everReceived;
    private volatile long lastFrameNanos;

    RelaySession(UpstreamConfig config, UpstreamMetrics metrics, SSLContext tls, Timing timing) {
        this.config = config;
        this.metrics = metrics;
        this.tls = tls;
        this.timing = timing;
        this.url = RelayUrl.of(config.url());
        this.backoff = new Backoff(config.backoffMin(), config.backoffMax());
        this.overridePending = config.overrideCursor() >= 0;
        this.lastFrameNanos = timing.nanoTime();
        metrics.ageOfLastFrame(() -> Math.max(0, timing.nanoTime() - lastFrameNanos) / 1e9);
        if (url.ownCursorDropped()) {
            LOG.warn("the cursor in jetstream.upstream.url is left out: jetstream.upstream.override-cursor sets one");
        }
    }

    /**
     * A session that trusts the JVM's certificate authorities.
     *
     * @throws IllegalArgumentException when the URL is not a relay's
     */
    public static RelaySession create(UpstreamConfig config, UpstreamMetrics metrics) {
        if (!RelayUrl.of(config.url()).tls()) {
            // Reading the JDK's trust store takes a tenth of a second.
            return create(config, metrics, null);
        }
        try {
            return create(config, metrics, SSLContext.getDefault());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM's trust store cannot be read: " + e.getMessage(), e);
        }
    }

    /** @param tls null only where the URL is {@code ws://} */
    static RelaySession create(UpstreamConfig config, UpstreamMetrics metrics, SSLContext tls) {
        return new RelaySession(config, metrics, tls, Timing.system());
    }

    /** The relay's URL without query and user: its name in the journal. */
    public String relay() {
        return url.name();
    }

    /** The connection's state now. */
    public synchronized State state() {
        return new State(url.name(), connected, sinceLastFrame(), connects, lastError);
    }

    private Optional<Duration> sinceLastFrame() {
        return everReceived
                ? Optional.of(Duration.ofNanos(Math.max(0, timing.nanoTime() - lastFrameNanos)))
                : Optional.empty();
    }

    UpstreamConfig config() {
        return config;
    }

    UpstreamMetrics metrics() {
        return metrics;
    }

    SSLContext tls() {
        return tls;
    }

    Timing timing() {
        return timing;
    }

    RelayUrl url() {
        return url;
    }

    /** Where the next connection starts. A start other than at the journal's seq is repeated until it has brought a frame. */
    synchronized Start nextStart(RelaySeqs journal) {
        long id = ++connectionId;
        delivered = false;
        if (livePending != null) {
            return live(id, true, livePending);
        }
        if (overridePending) {
            return resume(id, config.overrideCursor(), true, "override of the cursor");
        }
        OptionalLong last = journal.lastOf(url.name());
        if (last.isEmpty() && !journal.isEmpty()) {
            if (!saidRelayChanged) {
                saidRelayChanged = true;
                LOG.warn(
                        "the journal ends with events of another relay, whose seqs mean nothing to this one: going live,"
                                + " events in between are missing journal_relay={} relay={}",
                        Text.cut(journal.all().get(0).relay()),
                        url.name());
            }
            return live(id, true, "another relay");
        }
        return last.orElse(-1) < 0
                ? live(id, false, "nothing journaled")
                : resume(id, last.getAsLong(), false, "the journal's last seq");
    }

    private Start live(long id, boolean guardRestarts, String why) {
        return new Start(OptionalLong.empty(), new Connection(id, guardRestarts, url.name()), why);
    }

    private Start resume(long id, long seq, boolean guardRestarts, String why) {
        return new Start(OptionalLong.of(seq), new Connection(id, guardRestarts, url.name()), why);
    }

    /** Makes the next connection start live, with a new guard against repeats. */
    synchronized void requireLive(String why) {
        livePending = why;
        liveAskedAtId = connectionId;
        overridePending = false;
    }

    synchronized void onConnected(Start start) {
        connected = true;
        connects++;
        metrics.connects.increment();
        metrics.connected.set(1);
        LOG.info(
                "connected to the relay relay={} cursor={} because={}",
                url.name(),
                start.cursor().isPresent() ? start.cursor().getAsLong() : "live",
                start.why());
    }

    /** The first {@code frames} frames of a batch were decoded; at least one. */
    synchronized void onFrames(FrameBatch batch, int frames) {
        lastFrameNanos = timing.nanoTime();
        everReceived = true;
        metrics.batches.increment();
        metrics.frames.add(frames);
        metrics.bytes.add(batch.frameBytes(frames));
        long id = batch.connection().id();
        if (id == connectionId && !delivered) {
            delivered = true;
            deliveringSinceNanos = lastFrameNanos;
            if (id > liveAskedAtId) {
                livePending = null;
                overridePending = false;
            }
        }
    }

    /**
     * A connection ended or failed.
     *
     * @return how long to wait before the next one; the backoff is reset only if frames came for as long as the longest wait
     */
    synchronized Duration onEnd(Connection connection, ConnectionEnd end) {
        boolean wasConnected = connected && connection.id() == connectionId;
        metrics.ends(end.reason()).increment();
        if (connection.id() == connectionId) {
            connected = false;
            metrics.connected.set(0);
            long forNanos = delivered ? timing.nanoTime() - deliveringSinceNanos : 0;
            if (forNanos >= config.backoffMax().toNanos()) {
                backoff.reset();
            }
        }
        if (end.reason() == End.STOPPED) {
            LOG.info("relay connection closed relay={}", url.name());
            return Duration.ZERO;
        }
        Duration wait = backoff.next(timing.random(), end.retryAfter());
        lastError = end.getMessage();
        LOG.warn(
                "relay connection {} relay={} reason={} detail={} next_attempt_in_ms={}",
                wasConnected ? "ended" : "failed",
                url.name(),
                end.reason().label(),
                end.getMessage(),
                wait.toMillis());
        return wait;
    }
}
