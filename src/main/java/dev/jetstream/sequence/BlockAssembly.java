package dev.jetstream.sequence;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Frames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies the events of decoded frames into the arrays of one block, writing {@code time_us} into the holes. */
final class BlockAssembly {
    private static final byte[] PAIRS = new byte[200];

    static {
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
    }

    private final byte[] bytes;
    private final int from;
    private final int[] ends;
    private final long[] timesUs;
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
        int[] entries = new int[frames.table().size()];
        int shift = used - start;
        long time = timeUs;
        for (int i = from; i < to; i++, events++) {
            writeTime(frames.timeAt(i) + shift, time);
            timesUs[events] = time++;
            ends[events] = frames.ends()[i] + shift;
            int collection = frames.collections()[i];
            collections[events] = collection < 0 ? collection : entryOf(collection, frames.table(), entries);
        }
        used += length;
        return time;
    }

    /** Index in the block's table; {@code entries} remembers it plus one for each entry of the batch's table. */
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

    private void writeTime(int at, long time) {
        int high = (int) (time / 100_000_000);
        int low = (int) (time % 100_000_000);
        writeEight(at, high);
        writeEight(at + 8, low);
    }

    private void writeEight(int at, int eightDigits) {
        int rest = eightDigits;
        for (int pair = at + 6; pair >= at; pair -= 2) {
            int next = rest / 100;
            int two = 2 * (rest - 100 * next);
            bytes[pair] = PAIRS[two];
            bytes[pair + 1] = PAIRS[two + 1];
            rest = next;
        }
    }

    EventBlock build(EventBlock.Head head) {
        return new EventBlock(head, new Frames(bytes, from, ends), timesUs, collections, didLengths, table);
    }
}
