package dev.jetstream.subscriber;

import dev.jetstream.event.Frames;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of one write, gathered from several blocks, and where each came from: so that a socket that takes only some of them
 * tells how far the subscriber got. One per thread; used within one call.
 */
final class WriteBatch {
    private static final ThreadLocal<WriteBatch> OF_THREAD = ThreadLocal.withInitial(WriteBatch::new);

    private ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private Frames[] frames = new Frames[64];
    private int[] spans = new int[3 * 64];
    private long[] blocks = new long[64];
    private int marks;
    private int prefix;

    private WriteBatch() {}

    /** This thread's, empty, for a write of at most {@code maxBytes}. */
    static WriteBatch start(int maxBytes) {
        WriteBatch batch = OF_THREAD.get();
        if (batch.buffer.capacity() != maxBytes) {
            batch.buffer = ByteBuffer.allocateDirect(maxBytes);
        }
        batch.clear();
        return batch;
    }

    private void clear() {
        buffer.clear();
        Arrays.fill(frames, 0, marks, null);
        marks = 0;
        prefix = 0;
    }

    /** Puts bytes in front that are no events, as many as fit; they must come before any event. */
    int addPrefix(byte[] bytes, int from, int to) {
        int length = Math.min(to - from, buffer.remaining());
        buffer.put(bytes, from, length);
        prefix += length;
        return length;
    }

    /**
     * Adds neighbouring events of a block, as many as fit whole. An event that is larger than a whole write is begun when nothing
     * stands before it.
     *
     * @return index behind the last event added, or begun
     */
    int add(long block, Frames of, int from, int to) {
        int start = of.start(from);
        int end = of.end(to - 1);
        int behind = to;
        if (end - start > buffer.remaining()) {
            behind = lastThatFits(of, from, to, start + buffer.remaining());
            if (behind == from) {
                if (buffer.position() > 0) {
                    return from;
                }
                behind = from + 1;
                end = start + buffer.remaining();
            } else {
                end = of.end(behind - 1);
            }
        }
        mark(block, of, from, behind, buffer.position());
        buffer.put(of.bytes(), start, end - start);
        return behind;
    }

    /** Index behind the last event that ends at or before an offset. */
    private static int lastThatFits(Frames of, int from, int to, int limit) {
        int found = Arrays.binarySearch(of.ends(), from, to, limit);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private void mark(long block, Frames of, int from, int to, int at) {
        if (marks == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * marks);
            frames = Arrays.copyOf(frames, 2 * marks);
            spans = Arrays.copyOf(spans, 2 * spans.length);
        }
        blocks[marks] = block;
        frames[marks] = of;
        spans[3 * marks] = from;
        spans[3 * marks + 1] = to;
        spans[3 * marks + 2] = at;
        marks++;
    }

    boolean isEmpty() {
        return buffer.position() == 0;
    }

    /** Bytes gathered. */
    int size() {
        return buffer.position();
    }

    /** Bytes of it that are no events. */
    int prefix() {
        return prefix;
    }

    /** The bytes, ready to be written. */
    ByteBuffer flip() {
        return buffer.flip();
    }

    /**
     * How far a socket got that took {@code taken} bytes, at least the prefix.
     *
     * @return the last event that it took bytes of; null when it took none of any
     */
    Reached reached(int taken) {
        if (taken <= prefix || marks == 0) {
            return null;
        }
        int mark = marks - 1;
        int before = 0;
        while (mark > 0 && spans[3 * mark + 2] >= taken) {
            mark--;
        }
        for (int i = 0; i < mark; i++) {
            before += spans[3 * i + 1] - spans[3 * i];
        }
        int from = spans[3 * mark];
        Frames of = frames[mark];
        int offset = of.start(from) + taken - spans[3 * mark + 2];
        int found = Arrays.binarySearch(of.ends(), from, spans[3 * mark + 1], offset);
        int event = found >= 0 ? found : -found - 1;
        return new Reached(blocks[mark], of, event, offset, before + event - from + (found >= 0 ? 1 : 0));
    }

    /**
     * A point in the stream of events.
     *
     * @param block the event's block
     * @param frames that block's frames
     * @param event the last event that bytes were taken of
     * @param offset behind the last byte taken, in the frames
     * @param whole events taken whole
     */
    record Reached(long block, Frames frames, int event, int offset, int whole) {
        /** Whether the event's last bytes are still to be sent. */
        boolean isPartial() {
            return offset < frames.end(event);
        }
    }
}
