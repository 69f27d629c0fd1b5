package dev.jetstream.relay;

import dev.jetstream.websocket.FrameHeader;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The frames of a {@link SyntheticNetwork}, made by one thread and kept for a while, so that all clients see the same stream.
 *
 * <p>Nothing is made before the first client came. At a rate, frames are then made whether or not anyone listens; without one
 * (0), the thread stays at most a window ahead of the fastest client. Clients slower than the backlog lasts lose their place.
 */
public final class SyntheticSource implements FrameSource {
    private static final int MAX_WINDOW_FRAMES = 4096;
    /** More than any made-up frame has. */
    private static final int MAX_FRAME_BYTES = 64 * 1024;

    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_DEBT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SyntheticNetwork network;
    private final Consumer<SentFrame> listener;
    private final long firstSeq;
    private final long intervalNanos;
    private final long window;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition wanted = lock.newCondition();
    private final Backlog backlog;
    private final Thread maker = new Thread(this::run, "relay-synthetic");
    private boolean started;
    private boolean closed;
    private Throwable failure;
    private long limit;
    private long fastest;
    private long dueNanos;

    private SyntheticSource(SyntheticOptions options, InstantSource clock, Consumer<SentFrame> listener) {
        this.network = new SyntheticNetwork(options.seed(), options.accounts(), options.firstSeq(), clock);
        this.listener = listener;
        this.firstSeq = options.firstSeq();
        this.limit = options.limit();
        this.fastest = firstSeq;
        this.intervalNanos = options.rate() == 0 ? 0 : Math.max(1, Math.round(1e9 / options.rate()));
        this.backlog = new Backlog(options.backlogFrames(), options.backlogBytes(), firstSeq);
        long room = Math.min(options.backlogFrames() / 2, options.backlogBytes() / MAX_FRAME_BYTES);
        this.window = Math.max(1, Math.min(room, MAX_WINDOW_FRAMES));
        maker.setDaemon(true);
    }

    public static SyntheticSource create(SyntheticOptions options) {
        return create(options, sent -> {});
    }

    /**
     * A source that tells what it makes.
     *
     * @param listener told of every frame before any client can get it, by the making thread: what it costs slows the stream,
     *     and when it throws, the stream ends there and clients are closed with 1011
     */
    public static SyntheticSource create(SyntheticOptions options, Consumer<SentFrame> listener) {
        return new SyntheticSource(options, InstantSource.system(), listener);
    }

    /** Lets the stream go on until this many frames were made in all; 0: no limit. Any thread may call it. */
    public void setLimit(long frames) {
        lock.lock();
        try {
            limit = frames;
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The seq of the newest frame made; before the first one, the seq before it. */
    public long newestSeq() {
        lock.lock();
        try {
            return backlog.next() - 1;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Opening open(OptionalLong cursor) {
        lock.lock();
        try {
            if (!started && !closed) {
                started = true;
                dueNanos = System.nanoTime();
                maker.start();
            }
            long newest = backlog.next() - 1;
            if (cursor.isPresent() && cursor.getAsLong() > newest) {
                return new FutureCursor(newest);
            }
            long wish = cursor.orElse(newest) + 1;
            return new Opened(new Reader(Math.max(wish, backlog.first())), wish < backlog.first());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitTurn()) {
                SyntheticNetwork.Made made = network.next();
                listener.accept(made.sent());
                keep(FrameHeader.frame(FrameHeader.BINARY, made.frame()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        lock.lock();
        try {
            failure = cause;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keep(byte[] message) {
        lock.lock();
        try {
            backlog.add(message);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the next frame may be made; false when the source was closed. */
    private boolean awaitTurn() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long pause = pauseNanos();
                if (pause == 0) {
                    dueNanos += intervalNanos;
                    return true;
                }
                if (pause < 0) {
                    wanted.await();
                } else {
                    wanted.awaitNanos(Math.max(pause, MIN_PAUSE_NANOS));
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds until the next frame is due: 0 for now, -1 for "until something changes". */
    private long pauseNanos() {
        long next = backlog.next();
        if (limit > 0 && next - firstSeq >= limit) {
            return -1;
        }
        if (intervalNanos == 0) {
            return next - fastest < window ? 0 : -1;
        }
        long now = System.nanoTime();
        if (now - dueNanos > MAX_DEBT_NANOS) {
            dueNanos = now;
        }
        return Math.max(0, dueNanos - now);
    }

    private final class Reader implements FrameReader {
        private long at;

        Reader(long at) {
            this.at = at;
        }

        @Override
        public boolean read(FrameBatch into, long waitNanos) throws InterruptedException {
            lock.lock();
            try {
                long left = waitNanos;
                while (at == backlog.next() && left > 0 && failure == null) {
                    left = arrived.awaitNanos(left);
                }
                if (failure != null && at == backlog.next()) {
                    throw new IllegalStateException("frame " + at + " could not be made", failure);
                }
                if (at < backlog.first()) {
                    return false;
                }
                while (at < backlog.next() && !into.isFull()) {
                    into.framed(backlog.get(at++));
                }
                if (at > fastest) {
                    fastest = at;
                    wanted.signal();
                }
                return true;
            } finally {
                lock.unlock();
            }
        }
    }

    /** The newest messages of a stream, each under its seq, seqs without gaps; bounded in number and in bytes. Not thread-safe. */
    private static final class Backlog {
        private final byte[][] ring;
        private final long maxBytes;
        private long first;
        private long next;
        private long bytes;

        Backlog(int maxMessages, long maxBytes, long firstSeq) {
            this.ring = new byte[maxMessages][];
            this.maxBytes = maxBytes;
            this.first = firstSeq;
            this.next = firstSeq;
        }

        /** The seq of the oldest message held; that of the next one when none is. */
        long first() {
            return first;
        }

        /** The seq of the next message to come. */
        long next() {
            return next;
        }

        /** The message at {@code seq}, which is held. */
        byte[] get(long seq) {
            return ring[(int) (seq % ring.length)];
        }

        /** Adds the next message and drops the oldest ones until it fits; the newest one always stays. */
        void add(byte[] message) {
            while (first < next && (next - first == ring.length || bytes + message.length > maxBytes)) {
                int place = (int) (first++ % ring.length);
                bytes -= ring[place].length;
                ring[place] = null;
            }
            ring[(int) (next++ % ring.length)] = message;
            bytes += message.length;
        }
    }
}
