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
 * The loop that keeps a relay connected and reads it, on a thread of its own.
 *
 * <p>It reads only while the stage is owed a batch: with {@link #BATCHES_AHEAD} of them on the way it waits, the socket's buffers
 * fill up, and the relay is held back.
 */
final class RelayReader implements Runnable {
    /** Batches read and not yet taken downstream: one in the stage's hand, and one being read meanwhile. */
    static final int BATCHES_AHEAD = 2;

    private static final Logger LOG = LoggerFactory.getLogger(RelayReader.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Longer, and a busy relay's frames would not fit the read buffer. */
    private static final long MAX_GATHER_NANOS = 20 * NANOS_PER_MILLI;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final RelaySession session;
    private final UpstreamConfig config;
    private final Supplier<RelaySeqs> resume;
    private final Sink sink;
    private final MessageReader messages;
    private final FirehoseNotices notices;
    private final Semaphore demand = new Semaphore(BATCHES_AHEAD);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final LogThrottle skipLog = new LogThrottle();
    private final LongSupplier gatherNanos;

    private volatile RelayLink link;
    private boolean mayRead;
    private int attempts;
    private long heldBackNanos;

    /** Where batches go. Called on the reader's thread; must not wait. */
    interface Sink {
        void onBatch(FrameBatch batch);

        /** The reader is done: stopped, or failed by what is not the relay's fault. */
        void onDone(Optional<Throwable> failure);
    }

    /** @param gatherNanos how long to let frames gather before the next read, as long as the relay is not read at full speed */
    RelayReader(RelaySession session, Supplier<RelaySeqs> resume, LongSupplier gatherNanos, Sink sink) {
        this.gatherNanos = gatherNanos;
        this.session = session;
        this.config = session.config();
        this.resume = resume;
        this.sink = sink;
        this.messages = new MessageReader(config.readBufferBytes(), config.maxFrameBytes(), this::onSkipped);
        this.notices = new FirehoseNotices(session);
    }

    /** One batch was taken downstream. Any thread. */
    void onTaken() {
        demand.release();
    }

    /** Ends the loop at once, whatever it waits for. Any thread. */
    void stop() {
        stopped.countDown();
        dropLink(new ConnectionEnd(End.STOPPED, "stopped"));
        demand.release();
    }

    /** Ends the connection when its deadline has passed. Any thread; to be called several times per deadline. */
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
            // Not the relay's doing (no room for a buffer, the journal's position unknown): the stream has to fail, not
            // to hang.
            sink.onDone(Optional.of(e));
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Connects, reads until the connection ends, and waits as long as has to be waited before the next. */
    private void oneConnection() throws InterruptedException {
        // The link is in place before it is decided where to start: what asks for a live start from now on ends this
        // one too.
        RelayLink current = new RelayLink(session.url());
        link = current;
        Start start = session.nextStart(resume.get());
        ConnectionEnd end;
        try (current) {
            end = isStopped()
                    ? new ConnectionEnd(End.STOPPED, "stopped")
                    : readFrames(current, start.connection(), open(current, start));
        } catch (IOException e) {
            end = current.endOf(e);
        }
        link = null;
        Duration wait = session.onEnd(start.connection(), end);
        if (!isStopped()) {
            session.timing().pause(wait, stopped);
        }
    }

    private Transport open(RelayLink current, Start start) throws IOException {
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

    private ConnectionEnd readFrames(RelayLink current, Connection connection, Transport relay)
            throws IOException, InterruptedException {
        Duration ttl = config.livenessTtl();
        ConnectionEnd silent = new ConnectionEnd(End.LIVENESS, "no frame for " + ttl.toMillis() + " ms");
        boolean first = true;
        while (true) {
            awaitDemand();
            current.setDeadline(session.timing().nanoTime() + ttl.toNanos(), silent);
            FrameBatch batch = messages.next(relay, connection);
            current.liftDeadline();
            int usual = notices.inspect(batch);
            if (usual > 0) {
                batch = batch.head(usual);
                session.onFrames(batch);
                if (first) {
                    session.onFirstFrames(connection);
                    first = false;
                }
                mayRead = false;
                sink.onBatch(batch);
            }
            Optional<ConnectionEnd> told = notices.takeEnd();
            if (told.isPresent()) {
                return told.get();
            }
            gather(batch);
        }
    }

    /**
     * Waits for the frames of about one block. Each batch costs wake-ups and hand-overs however few frames it holds, and no
     * block is cut before the interval has passed. The first frame after a silence is not delayed.
     */
    private void gather(FrameBatch batch) throws InterruptedException {
        long nanos = Math.min(MAX_GATHER_NANOS, gatherNanos.getAsLong());
        boolean catchingUp = batch.length() >= config.readBufferBytes() / 2;
        if (nanos > 0 && !catchingUp) {
            session.timing().pause(Duration.ofNanos(nanos), stopped);
        }
    }

    private void awaitDemand() throws IOException, InterruptedException {
        if (!mayRead && !demand.tryAcquire()) {
            long from = session.timing().nanoTime();
            demand.acquire();
            heldBackNanos += session.timing().nanoTime() - from;
            session.metrics().heldBackMillis.add(heldBackNanos / NANOS_PER_MILLI);
            heldBackNanos %= NANOS_PER_MILLI;
        }
        mayRead = true;
        if (isStopped()) {
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
