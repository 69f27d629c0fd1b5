package dev.jetstream.sequence;

import dev.jetstream.common.Digits;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Frames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies the events of decoded frames into the arrays of one block and writes their {@code time_us}. */
final class BlockAssembly {
    private final byte[] bytes;
    private final int from;
    private final int[] ends;
    private final long[] timesUs;
    private final byte[] kinds;
    private final int[] collections;
    private final short[] didLengths;
    private final List<String> table = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private int events;
    private int used;

    BlockAssembly(int events, Slab.Room room) {
        bytes = room.array();
        from = room.from();
        used = from;
        ends = new int[events];
        timesUs = new long[events];
        kinds = new byte[events];
        collections = new int[events];
        didLengths = new short[events];
    }

    /**
     * Appends the events of frames {@code fromFrame} to before {@code toFrame}.
     *
     * @param timeUs the first event's time; each further one is a microsecond later
     * @return the time of the event that follows
     */
    long append(DecodedFrames frames, int fromFrame, int toFrame, long timeUs) {
        int from = frames.firstEvent(fromFrame);
        int to = frames.firstEvent(toFrame);
        int start = frames.start(from);
        int length = frames.start(to) - start;
        System.arraycopy(frames.bytes(), start, bytes, used, length);
        System.arraycopy(frames.didLengths(), from, didLengths, events, to - from);
        System.arraycopy(frames.kinds(), from, kinds, events, to - from);
        int[] entries = new int[frames.table().size()];
        int shift = used - start;
        long time = timeUs;
        for (int i = from; i < to; i++, events++) {
            int timeAt = frames.timeAt(i) + shift;
            Digits.write(bytes, timeAt, timeAt + EventBlock.TIME_DIGITS, time);
            timesUs[events] = time++;
            ends[events] = frames.ends()[i] + shift;
            if (frames.kinds()[i] == EventKind.COMMIT.number()) {
                collections[events] = entryOf(frames.collections()[i], frames.table(), entries);
            }
        }
        used += length;
        return time;
    }

    /** Index in the block's table; {@code entries} has it plus one for each entry of the batch's table, 0 if not yet known. */
    private int entryOf(int collection, List<String> names, int[] entries) {
        int entry = entries[collection];
        if (entry == 0) {
            entry = 1
                    + indexes.computeIfAbsent(names.get(collection), name -> {
                        table.add(name);
                        return table.size() - 1;
                    });
            entries[collection] = entry;
        }
        return entry - 1;
    }

    EventBlock build(EventBlock.Head head) {
        return new EventBlock(head, new Frames(bytes, from, ends), timesUs, kinds, collections, didLengths, table);
    }
}
