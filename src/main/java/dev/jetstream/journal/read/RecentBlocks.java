package dev.jetstream.journal.read;

import dev.jetstream.event.EventBlock;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The newest blocks, a run without gaps that ends at the tip. One thread appends; any thread reads, without a lock. */
final class RecentBlocks {
    private static final int SLOTS = 1 << 15;

    /** Blocks behind the tip that keep what they memoized: subscribers at the tip share it. */
    static final int WITH_MEMOS = 64;

    private final AtomicReferenceArray<Held> slots = new AtomicReferenceArray<>(SLOTS);
    private volatile long lowest = 1;
    private volatile long highest;

    /** The block of a number, or null when it is not here. */
    EventBlock get(long sequenceNr) {
        Held held = slot(sequenceNr);
        return held != null && held.block().sequenceNr() == sequenceNr ? held.block() : null;
    }

    private Held slot(long sequenceNr) {
        return slots.get((int) (sequenceNr & SLOTS - 1));
    }

    /** The lowest number that is here; above {@link #highest()} when there is none. */
    long lowest() {
        return lowest;
    }

    long highest() {
        return highest;
    }

    /** Adds the newest block. Where its number is not the next one, all before it are let go. */
    synchronized void append(Held held) {
        long number = held.block().sequenceNr();
        if (number != highest + 1) {
            while (evictOldest()) {
                // all of them
            }
            evictNewest();
            lowest = number;
        } else if (number - lowest == SLOTS) {
            evictOldest();
        }
        slots.set((int) (number & SLOTS - 1), held);
        highest = number;
        Held old = slot(number - WITH_MEMOS);
        if (old != null && old.block().sequenceNr() == number - WITH_MEMOS) {
            old.forgetMemos();
        }
    }

    /** Lets the oldest go; never the newest. Says whether there was one to go. */
    synchronized boolean evictOldest() {
        if (lowest >= highest) {
            return false;
        }
        take(lowest++);
        return true;
    }

    private void evictNewest() {
        if (lowest == highest) {
            take(lowest++);
        }
    }

    /** Drops what the newest block memoized, when it is the only one left and still too large. */
    synchronized void forgetMemos() {
        Held newest = slot(highest);
        if (newest != null) {
            newest.forgetMemos();
        }
    }

    private void take(long number) {
        Held held = slots.getAndSet((int) (number & SLOTS - 1), null);
        if (held != null) {
            held.release();
        }
    }
}
