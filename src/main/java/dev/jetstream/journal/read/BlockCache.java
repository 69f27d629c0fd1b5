package dev.jetstream.journal.read;

import dev.jetstream.journal.codec.Damaged;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;

/**
 * Blocks that came from the journal, and those on their way, each once for everybody. The one that was used longest ago goes
 * first: a cache that weighs how often something is used would refuse the blocks of a replay, which pass by once. Any thread.
 */
final class BlockCache {
    private final LinkedHashMap<Long, Slot> slots = new LinkedHashMap<>(64, 0.75f, true);

    /** What became of a number that was asked for. */
    sealed interface Found permits Whole, Broken, Elsewhere {}

    /** A block. */
    record Whole(Held held) implements Found {}

    /** A block that cannot be read. */
    record Broken(Damaged damage) implements Found {}

    /** Not here: ask again, from this number on. */
    record Elsewhere(long from) implements Found {}

    /** A number's place, from the moment on in which somebody asked for it. */
    static final class Slot {
        private final long sequenceNr;
        private final CompletableFuture<Found> found = new CompletableFuture<>();
        private long usedNanos;

        private Slot(long sequenceNr) {
            this.sequenceNr = sequenceNr;
        }

        long sequenceNr() {
            return sequenceNr;
        }

        CompletableFuture<Found> found() {
            return found;
        }

        /** The block, or null while it is on its way. */
        Held held() {
            return found.getNow(null) instanceof Whole whole ? whole.held() : null;
        }
    }

    /** The slot of a number, used just now; null when nobody asked for it. */
    synchronized Slot get(long sequenceNr) {
        Slot slot = slots.get(sequenceNr);
        if (slot != null) {
            slot.usedNanos = System.nanoTime();
        }
        return slot;
    }

    synchronized boolean contains(long sequenceNr) {
        return slots.containsKey(sequenceNr);
    }

    /** A new slot, to be filled by the caller; null when there is one. */
    synchronized Slot claim(long sequenceNr) {
        if (slots.containsKey(sequenceNr)) {
            return null;
        }
        Slot slot = new Slot(sequenceNr);
        slot.usedNanos = System.nanoTime();
        slots.put(sequenceNr, slot);
        return slot;
    }

    /** Tells all who wait for a slot, which counts as used now. Only blocks are kept. */
    void fill(Slot slot, Found found) {
        if (found instanceof Whole) {
            get(slot.sequenceNr);
        } else {
            remove(slot);
        }
        slot.found.complete(found);
    }

    /** Tells all who wait for a slot that the journal failed. */
    void fail(Slot slot, Throwable cause) {
        remove(slot);
        slot.found.completeExceptionally(cause);
    }

    private synchronized void remove(Slot slot) {
        slots.remove(slot.sequenceNr, slot);
    }

    /** Lets the block go that was used longest ago; says whether there was one. */
    boolean evictColdest() {
        Held evicted = null;
        synchronized (this) {
            Iterator<Slot> coldestFirst = slots.values().iterator();
            while (evicted == null && coldestFirst.hasNext()) {
                evicted = coldestFirst.next().held();
                if (evicted != null) {
                    coldestFirst.remove();
                }
            }
        }
        if (evicted != null) {
            evicted.release();
        }
        return evicted != null;
    }

    /** Lets all go that nobody used for so long, and those below a number. */
    void tidy(long unusedNanos, long below) {
        long now = System.nanoTime();
        synchronized (this) {
            slots.values().removeIf(slot -> {
                Held held = slot.held();
                if (held == null || slot.sequenceNr >= below && now - slot.usedNanos < unusedNanos) {
                    return false;
                }
                held.release();
                return true;
            });
        }
    }

    synchronized int size() {
        return slots.size();
    }
}
