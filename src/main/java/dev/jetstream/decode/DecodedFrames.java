package dev.jetstream.decode;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.Connection;
import dev.jetstream.websocket.FrameHeader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the decoder made of a run of upstream frames: their messages, framed and back to back, with {@code time_us} still a hole
 * of {@link EventBlock#TIME_DIGITS} bytes. Immutable by convention: whoever made it writes no more, until it is
 * released.
 *
 * @param frameCount frames in the run, those without an event included
 * @param seqs upstream seq of each frame, or {@link #NO_SEQ}
 * @param accounts a hash of each frame's DID and kind; 0: the frame is of no kind that gives events
 * @param revs each commit's rev as a number that orders as the revs do: unix microseconds times 1,024 and a clock's id; 0: the
 *     frame is not a commit, or its rev is not a TID
 * @param times unix microseconds of each frame's {@code time}, or 0
 * @param frameEnds index behind the last event of each frame
 * @param count events
 * @param bytes unmasked websocket text messages, back to back; what stands behind the last one means nothing
 * @param ends offset behind each event's message
 * @param collections index into {@code table}, or the {@link EventKind#code} of an event that is no commit's
 * @param didLengths bytes of each event's DID as it stands in the JSON, at most 2,048
 * @param table the collections that occur, each once
 * @param drops how often each {@link DropReason} occurred, by ordinal
 * @param types frames by their type, in the order of {@link #TYPES}
 * @param ops ops sent, by create, update, delete: three figures for each entry of {@code table}
 * @param receivedNanos {@link System#nanoTime} of the moment when upstream had read the frames
 * @param connection what upstream said of the connection that brought the frames
 * @param pool where {@code bytes} came from; null: from nowhere
 */
public record DecodedFrames(
        int frameCount,
        long[] seqs,
        long[] accounts,
        long[] revs,
        long[] times,
        int[] frameEnds,
        int count,
        byte[] bytes,
        int[] ends,
        int[] collections,
        short[] didLengths,
        List<String> table,
        int[] drops,
        int[] types,
        int[] ops,
        long receivedNanos,
        Connection connection,
        ArrayPool pool) {

    /** The seq of a frame that none could be read from. */
    public static final long NO_SEQ = -1;

    /** What frames are counted by: the kinds of event by their numbers, and last {@code error}, a relay's report of one. */
    public static final List<String> TYPES = Stream.concat(Arrays.stream(EventKind.v1Names()), Stream.of("error"))
            .toList();

    /** Unix microseconds of the last {@code time} that a frame has; 0 if none has one. */
    public long lastCreatedMicros() {
        int i = frameCount - 1;
        while (i > 0 && times[i] == 0) {
            i--;
        }
        return times[i];
    }

    /** Events of frame {@code i}: the index of its first one. */
    public int firstEvent(int i) {
        return i == 0 ? 0 : frameEnds[i - 1];
    }

    /** The offset at which event {@code i}'s message begins, header included. */
    public int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    /** The offset of event {@code i}'s hole for {@code time_us}. */
    public int timeAt(int i) {
        int start = start(i);
        int header = FrameHeader.sizeWithin(ends[i] - start);
        return start + header + EventBlock.BEFORE_DID.length() + didLengths[i] + EventBlock.BEFORE_TIME.length();
    }

    /** Bytes of the messages. */
    public int length() {
        return start(count);
    }

    /** Gives the array back. Called once at most, when nobody looks at {@link #bytes} any more. */
    public void release() {
        if (pool != null) {
            pool.giveBack(bytes);
        }
    }

    @Override
    public String toString() {
        return "DecodedFrames[frames=" + frameCount + ", events=" + count + ", drops=" + Arrays.toString(drops) + "]";
    }
}
