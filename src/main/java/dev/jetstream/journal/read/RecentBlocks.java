package dev.jetstream.journal.read;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.MemoLedger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest blocks, a run without gaps that ends at the tip, and the bytes that they take with what they memoize. One thread
 * appends; any thread reads, without a lock.
 */
final class RecentBlocks implements MemoLedger {
    private static final int SLOTS = 1 << 15;

    /** The newest blocks keep what they memoized: subscribers at the tip share it. */
    static final int WITH_MEMOS = 64;

    private final AtomicReferenceArray<EventBlock> slots = new AtomicReferenceArray<>(SLOTS);
    private final long[] slotBytes = new long[SLOTS];
    private final Runnable onMemo;
    private volatile long bytes;
    private volatile long lowest = 1;
    private volatile long highest;

    /** @param onMemo called after a block has memoized something, without a lock */
    RecentBlocks(Runnable onMemo) {
        this.onMemo = onMemo;
    }

    /** The block of a number, or null if it is not here. */
    EventBlock get(long sequenceNr) {
        EventBlock block = slots.get(slot(sequenceNr));
        return block != null && block.sequenceNr() == sequenceNr ? block : null;
    }

    private static int slot(long sequenceNr) {
        return (int) (sequenceNr & SLOTS - 1);
    }

    /** The lowest number that is here; above {@link #highest()} if there is none. */
    long lowest() {
        return lowest;
    }

    long highest() {
        return highest;
    }

    /** Bytes of all blocks here, with what they memoize. */
    long bytes() {
        return bytes;
    }

    /** Adds the newest block. If its number is not the next one, all before it are dropped. */
    synchronized void append(EventBlock block) {
        long number = block.sequenceNr();
        if (number != highest + 1) {
            while (lowest <= highest) {
                drop(lowest++);
            }
            lowest = number;
        } else if (number - lowest == SLOTS) {
            drop(lowest++);
        }
        slots.set(slot(number), block);
        add(number, block.weight());
        block.chargeTo(this);
        highest = number;
        forgetMemos(number - WITH_MEMOS);
    }

    @Override
    public void charge(EventBlock block, long more) {
        synchronized (this) {
            if (get(block.sequenceNr()) == block) {
                add(block.sequenceNr(), more);
            }
        }
        onMemo.run();
    }

    /** Drops the oldest block, but never the newest. Returns whether there was one to drop. */
    synchronized boolean evictOldest() {
        if (lowest >= highest) {
            return false;
        }
        drop(lowest++);
        return true;
    }

    /** Drops what the newest block memoized, if it is the only one left and still too large. */
    synchronized void forgetMemos() {
        forgetMemos(highest);
    }

    private void forgetMemos(long number) {
        EventBlock block = get(number);
        if (block != null) {
            block.forgetMemos();
            add(number, block.weight() - slotBytes[slot(number)]);
        }
    }

    private void drop(long number) {
        EventBlock block = slots.getAndSet(slot(number), null);
        if (block != null) {
            block.chargeTo(MemoLedger.NONE);
            add(number, -slotBytes[slot(number)]);
        }
    }

    private void add(long number, long more) {
        slotBytes[slot(number)] += more;
        bytes += more;
    }
}
