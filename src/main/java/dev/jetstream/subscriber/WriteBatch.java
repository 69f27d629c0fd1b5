package dev.jetstream.subscriber;

import dev.jetstream.event.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of one write, gathered from several blocks, and where each came from: if the socket takes only some, that gives the
 * subscriber's position. One per thread; used within one call.
 */
final class WriteBatch {
    private static final ThreadLocal<WriteBatch> OF_THREAD = ThreadLocal.withInitial(WriteBatch::new);

    private ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final List<Span> spans = new ArrayList<>();
    private int prefix;

    /** Events {@code from} to before {@code to} of a block, from the offset {@code at} of the buffer. */
    private record Span(long block, Frames frames, int from, int to, int at) {}

    private WriteBatch() {}

    /** This thread's, empty, for a write of at most {@code maxBytes}. */
    static WriteBatch start(int maxBytes) {
        WriteBatch batch = OF_THREAD.get();
        if (batch.buffer.capacity() != maxBytes) {
            batch.buffer = ByteBuffer.allocateDirect(maxBytes);
        }
        batch.buffer.clear();
        batch.spans.clear();
        batch.prefix = 0;
        return batch;
    }

    /** Adds bytes that are no events, as many as fit, without taking them from their buffer. They precede all events. */
    void addPrefix(ByteBuffer bytes) {
        prefix = Math.min(bytes.remaining(), buffer.remaining());
        buffer.put(0, bytes, bytes.position(), prefix).position(prefix);
    }

    /**
     * Adds neighbouring events of a block, as many as fit whole. If the batch is empty and the first one is larger than a whole
     * write, its beginning is added.
     *
     * @return index after the last event added
     */
    int add(long block, Frames frames, int from, int to) {
        int start = frames.start(from);
        int end = frames.end(to - 1);
        int after = to;
        if (end - start > buffer.remaining()) {
            after = firstThatDoesNotFit(frames, from, to, start + buffer.remaining());
            if (after > from) {
                end = frames.end(after - 1);
            } else if (buffer.position() > 0) {
                return from;
            } else {
                after = from + 1;
                end = start + buffer.remaining();
            }
        }
        spans.add(new Span(block, frames, from, after, buffer.position()));
        buffer.put(frames.bytes(), start, end - start);
        return after;
    }

    private static int firstThatDoesNotFit(Frames frames, int from, int to, int limit) {
        int found = Arrays.binarySearch(frames.ends(), from, to, limit);
        return found >= 0 ? found + 1 : -found - 1;
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
     * How far a socket got that took {@code taken} bytes.
     *
     * @return the last event that it took bytes of; null if it took none of any
     */
    Reached reached(int taken) {
        if (taken <= prefix || spans.isEmpty()) {
            return null;
        }
        int last = 0;
        int before = 0;
        while (last + 1 < spans.size() && spans.get(last + 1).at() < taken) {
            before += spans.get(last).to() - spans.get(last).from();
            last++;
        }
        Span span = spans.get(last);
        int from = span.from();
        int offset = span.frames().start(from) + taken - span.at();
        int found = Arrays.binarySearch(span.frames().ends(), from, span.to(), offset);
        int event = found >= 0 ? found : -found - 1;
        int whole = before + event - from + (found >= 0 ? 1 : 0);
        return new Reached(span.block(), span.frames(), event, offset, whole);
    }

    /**
     * A point in the stream of events.
     *
     * @param block the event's block
     * @param frames that block's frames
     * @param event the last event that bytes were taken of
     * @param offset after the last byte taken, in the frames
     * @param whole events taken whole
     */
    record Reached(long block, Frames frames, int event, int offset, int whole) {
        /** Whether the event's last bytes are still to be sent. */
        boolean isPartial() {
            return offset < frames.end(event);
        }
    }
}
