package dev.jetstream.upstream;

import dev.jetstream.common.LogThrottle;
import dev.jetstream.common.Version;
import dev.jetstream.config.UpstreamConfig;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.UpstreamMetrics.End;
import dev.jetstream.upstream.UpstreamMetrics.Skipped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that keeps a relay connected and reads it, on its own thread.
 *
 * <p>With {@link #MAX_AHEAD} batches that are not yet decoded it stops reading: the socket's buffers fill up, which holds the relay
 * back. Between two connections it waits until all batches are decoded, since a frame may decide where the next one starts.
 */
final class RelayReader implements Runnable, FrameBatch.Reader {
    /** Batches read and not yet decoded: what the decoders work on, one that waits and one that is being read. */
    static final int MAX_AHEAD = 2 + Runtime.getRuntime().availableProcessors();

    private static final String FUTURE_CURSOR = "FutureCursor";
    private static final String OUTDATED_CURSOR = "OutdatedCursor";

    private static final Logger LOG = LoggerFactory.getLogger(RelayReader.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** In a longer time a busy relay's frames would not fit the read buffer. */
    private static final long MAX_GATHER_NANOS = 20 * NANOS_PER_MILLI;

    /** A read that fills this part of the buffer shows a relay that sends faster than about 1,600 frames per second. */
    private static final int FULL_SPEED_PART = 8;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final RelaySession session;
    private final UpstreamConfig config;
    private final Supplier<RelaySeqs> resume;
    private final Sink sink;
    private final MessageReader messages;
    private final Semaphore demand = new Semaphore(MAX_AHEAD);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final LogThrottle skipLog = new LogThrottle();
    private final LogThrottle outdatedLog = new LogThrottle();
    private final LogThrottle infoLog = new LogThrottle();
    private final LongSupplier gatherNanos;

    private volatile RelayLink link;
    private int attempts;
    private long heldBackNanos;

    /** Takes the batches. Called on the reader's thread; must not wait. */
    interface Sink {
        void onBatch(FrameBatch batch);

        /** The reader has ended: it was stopped, or failed by no fault of the relay. */
        void onDone(Optional<Throwable> failure);
    }

    /** @param gatherNanos how long frames may gather before the next read, unless the relay is read at full speed */
    RelayReader(RelaySession session, Supplier<RelaySeqs> resume, LongSupplier gatherNanos, Sink sink) {
        this.gatherNanos = gatherNanos;
        this.session = session;
        this.config = session.config();
        this.resume = resume;
        this.sink = sink;
        this.messages = new MessageReader(config.readBufferBytes(), config.maxFrameBytes(), this::onSkipped);
    }

    @Override
    public void onDecoded(FrameBatch batch, int frames) {
        if (frames > 0) {
            session.onFrames(batch, frames);
        }
        demand.release();
    }

    @Override
    public void onError(String name, String message) {
        session.metrics().errorFrames.increment();
        String detail = "error=" + name + " message=" + message;
        if (name.equals(FUTURE_CURSOR)) {
            session.metrics().futureCursors.increment();
            session.requireLive(FUTURE_CURSOR);
            dropLink(new ConnectionEnd(
                    End.FUTURE_CURSOR,
                    "the relay does not know the cursor yet, the next connection drops it and goes live: " + detail));
        } else {
            dropLink(new ConnectionEnd(End.ERROR_FRAME, "the relay ended the stream: " + detail));
        }
    }

    @Override
    public void onInfo(String name, String message) {
        if (name.equals(OUTDATED_CURSOR)) {
            session.metrics().outdatedCursors.increment();
            if (outdatedLog.permits()) {
                LOG.warn(
                        "the cursor is older than what the relay still has, events in between are lost name={} message={}",
                        name,
                        message);
            }
        } else if (infoLog.permits()) {
            LOG.info("the relay says name={} message={}", name, message);
        }
    }

    /** Ends the loop at once, whatever it waits for. Any thread. */
    void stop() {
        stopped.countDown();
        dropLink(new ConnectionEnd(End.STOPPED, "stopped"));
        demand.release(MAX_AHEAD);
    }

    /** Ends the connection if its deadline has passed. Any thread; called several times per deadline. */
    void checkDeadline() {
        RelayLink current = link;
        if (current != null) {
            current.checkDeadline(session.timing().nanoTime());
        }
    }

    private void dropLink(ConnectionEnd why) {
        RelayLink current = link;
        if (current != null) {
            current.abort(why);
        }
    }

    @Override
    public void run() {
        try {
            while (!isStopped()) {
                oneConnection();
            }
            sink.onDone(Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sink.onDone(Optional.empty());
        } catch (Throwable e) {
            // Not the relay's fault (no memory for a buffer, the journal's position is unknown): the stream fails.
            sink.onDone(Optional.of(e));
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Connects, reads until the connection ends, and waits as long as needed before the next. */
    private void oneConnection() throws InterruptedException {
        RelayLink current = new RelayLink(session.url());
        link = current;
        RelaySession.Start start = session.nextStart(resume.get());
        ConnectionEnd end;
        try (current) {
            if (isStopped()) {
                throw new ConnectionEnd(End.STOPPED, "stopped");
            }
            readFrames(current, start.connection(), open(current, start));
            throw new IllegalStateException("reading a relay ends with an exception");
        } catch (IOException e) {
            awaitDecoded();
            end = current.endOf(e);
        }
        link = null;
        Duration wait = session.onEnd(start.connection(), end);
        if (!isStopped()) {
            session.timing().pause(wait, stopped);
        }
    }

    private void awaitDecoded() throws InterruptedException {
        demand.acquire(MAX_AHEAD);
        demand.release(MAX_AHEAD);
    }

    private Transport open(RelayLink current, RelaySession.Start start) throws IOException {
        Duration timeout = config.connectTimeout();
        current.setDeadline(
                session.timing().nanoTime() + timeout.toNanos(),
                new ConnectionEnd(
                        End.CONNECT_TIMEOUT, "no connection and upgrade within " + timeout.toMillis() + " ms"));
        Transport relay = current.connect(session.tls(), timeout, attempts++);
        ByteBuffer first = new Upgrade(
                        session.url(), start.cursor(), "jetstream-jvm/" + Version.TEXT, key(), authorization())
                .perform(relay);
        current.liftDeadline();
        messages.start(first);
        session.onConnected(start);
        return relay;
    }

    /** Reads until the connection ends, which is an exception. */
    private void readFrames(RelayLink current, Connection connection, Transport relay)
            throws IOException, InterruptedException {
        Duration ttl = config.livenessTtl();
        ConnectionEnd silent = new ConnectionEnd(End.LIVENESS, "no frame for " + ttl.toMillis() + " ms");
        while (true) {
            awaitDemand();
            FrameBatch batch;
            try {
                current.setDeadline(session.timing().nanoTime() + ttl.toNanos(), silent);
                batch = messages.next(relay, connection).with(this);
            } catch (IOException | RuntimeException e) {
                demand.release();
                throw e;
            }
            current.liftDeadline();
            sink.onBatch(batch);
            gather();
        }
    }

    /**
     * Lets the frames of about one block gather: each batch costs wake-ups, however few frames it has, and no block is cut before
     * the interval has passed. The first frame after a silence is not delayed.
     */
    private void gather() throws InterruptedException {
        long nanos = Math.min(MAX_GATHER_NANOS, gatherNanos.getAsLong());
        boolean catchingUp = messages.lastReadBytes() >= config.readBufferBytes() / FULL_SPEED_PART;
        if (nanos > 0 && !catchingUp) {
            session.timing().pause(Duration.ofNanos(nanos), stopped);
        }
    }

    private void awaitDemand() throws IOException, InterruptedException {
        if (!demand.tryAcquire()) {
            long from = session.timing().nanoTime();
            demand.acquire();
            heldBackNanos += session.timing().nanoTime() - from;
            session.metrics().heldBackMillis.add(heldBackNanos / NANOS_PER_MILLI);
            heldBackNanos %= NANOS_PER_MILLI;
        }
        if (isStopped()) {
            demand.release();
            throw new ConnectionEnd(End.STOPPED, "stopped");
        }
    }

    private void onSkipped(Skipped why, long bytes) {
        session.metrics().skipped(why).increment();
        if (skipLog.permits()) {
            LOG.warn(
                    "skipped a message of the relay reason={} bytes={} max_frame_bytes={}",
                    why,
                    bytes,
                    config.maxFrameBytes());
        }
    }

    private static String key() {
        byte[] key = new byte[16];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private String authorization() {
        return session.url()
                .userInfo()
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
                .orElse("");
    }
}
