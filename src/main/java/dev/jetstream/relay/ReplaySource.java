package dev.jetstream.relay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Captured frames, sent once or in a loop.
 *
 * <p>The first lap has the captured seqs if they increase, otherwise consecutive ones from the first; each later lap adds the span
 * of a lap. So a seq identifies lap and frame, and a client can resume without a backlog. Frames without a seq are sent as they
 * are. The first client starts the stream; with a rate, later clients catch up with it as fast as they can.
 */
public final class ReplaySource implements FrameSource {
    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final CaptureFile.Frame[] frames;
    /** Each frame's seq on the first lap; for a frame without one, that of the frame before. */
    private final long[] seqs;

    private final long span;
    private final boolean loop;
    private final double rate;

    private long startNanos;
    private boolean started;
    private volatile boolean closed;
    /** The highest position that any client has read; positions count frames over all laps. */
    private long taken;

    private ReplaySource(List<byte[]> frames, boolean loop, double rate) {
        if (!(rate >= 0 && rate <= 10_000_000)) {
            throw new IllegalArgumentException("rate must be 0 to 10000000 frames a second: " + rate);
        }
        this.frames = frames.stream().map(CaptureFile.Frame::of).toArray(CaptureFile.Frame[]::new);
        this.seqs = number(this.frames);
        this.span = seqs[seqs.length - 1] - seqs[0] + 1;
        this.loop = loop;
        this.rate = rate;
    }

    /**
     * Replays a file of captured frames, zstd or plain.
     *
     * @param rate frames per second; 0: as fast as a client takes them
     * @throws IOException naming the file, the offset and what is wrong there
     */
    public static ReplaySource open(Path file, boolean loop, double rate) throws IOException {
        List<byte[]> frames = CaptureFile.read(file);
        ReplaySource source = new ReplaySource(frames, loop, rate);
        if (Arrays.stream(source.frames).noneMatch(CaptureFile.Frame::hasSeq)) {
            throw new IOException(file + " is no file of captured frames: none of its " + frames.size()
                    + " records has a seq, the first one at offset 0 included");
        }
        return source;
    }

    /** Replays these frames, at least one; see {@link #open}. */
    public static ReplaySource of(List<byte[]> frames, boolean loop, double rate) {
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("at least one frame is needed");
        }
        return new ReplaySource(frames, loop, rate);
    }

    private static long[] number(CaptureFile.Frame[] frames) {
        long first = 1;
        for (int i = frames.length - 1; i >= 0; i--) {
            first = frames[i].hasSeq() ? Math.max(1, frames[i].seq()) : first;
        }
        long[] captured = new long[frames.length];
        long[] gapless = new long[frames.length];
        boolean increasing = true;
        for (int i = 0; i < frames.length; i++) {
            long before = i == 0 ? first - 1 : captured[i - 1];
            increasing &= !frames[i].hasSeq() || frames[i].seq() > before;
            captured[i] = frames[i].hasSeq() ? frames[i].seq() : before;
            gapless[i] = (i == 0 ? first - 1 : gapless[i - 1]) + (frames[i].hasSeq() ? 1 : 0);
        }
        return increasing ? captured : gapless;
    }

    /** The number of frames of one lap. */
    public int size() {
        return frames.length;
    }

    @Override
    public synchronized Opening open(OptionalLong cursor) {
        long head = started && rate > 0 ? Math.max(taken, due() - 1) : taken;
        if (!started) {
            started = true;
            startNanos = System.nanoTime();
        }
        if (cursor.isEmpty()) {
            return new Opened(new Reader(head), false);
        }
        long newest = head == 0 ? seqs[0] - 1 : seq(head - 1);
        if (cursor.getAsLong() > newest) {
            return new FutureCursor(newest);
        }
        return new Opened(new Reader(positionAfter(cursor.getAsLong())), cursor.getAsLong() < seqs[0] - 1);
    }

    /** The position of the first frame whose seq is above {@code seq}. */
    private long positionAfter(long seq) {
        if (seq < seqs[0]) {
            return 0;
        }
        long lap = (seq - seqs[0]) / span;
        long inFirstLap = seq - lap * span;
        int low = 0;
        int high = seqs.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (seqs[middle] <= inFirstLap) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return lap * seqs.length + low;
    }

    private long seq(long position) {
        return seqs[(int) (position % seqs.length)] + position / seqs.length * span;
    }

    /** The number of frames that are due. */
    private long due() {
        long all = loop ? Long.MAX_VALUE : frames.length;
        return rate == 0 ? all : Math.min(all, (long) ((System.nanoTime() - startNanos) * 1e-9 * rate) + 1);
    }

    private synchronized void took(long position) {
        taken = Math.max(taken, position);
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Reader implements FrameReader {
        private long at;

        Reader(long at) {
            this.at = at;
        }

        @Override
        public boolean read(FrameBatch into, long waitNanos) throws InterruptedException {
            if (closed) {
                TimeUnit.NANOSECONDS.sleep(waitNanos);
                return true;
            }
            long end = due();
            if (at >= end) {
                boolean dueSoon = rate > 0 && (loop || at < frames.length);
                long untilDue = dueSoon ? (long) (at / rate * 1e9) - (System.nanoTime() - startNanos) : waitNanos;
                TimeUnit.NANOSECONDS.sleep(Math.min(waitNanos, Math.max(untilDue, MIN_PAUSE_NANOS)));
                end = due();
            }
            while (at < end && !into.isFull() && !closed) {
                CaptureFile.Frame frame = frames[(int) (at % frames.length)];
                if (frame.hasSeq()) {
                    into.patched(frame, seq(at));
                } else {
                    into.message(frame.bytes());
                }
                at++;
            }
            took(at);
            return true;
        }
    }
}
