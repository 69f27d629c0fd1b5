package dev.jetstream.journal.read;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes all blocks in memory may take together, with what they memoize. Any thread. */
final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final AtomicBoolean enforcing = new AtomicBoolean();
    private volatile Evictor evictor = () -> false;

    /** Who makes room. */
    @FunctionalInterface
    interface Evictor {
        /** Lets one block go; says whether there was one. */
        boolean evictOne();
    }

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    void evictBy(Evictor evictor) {
        this.evictor = evictor;
    }

    long limit() {
        return limit;
    }

    /** Bytes in use. */
    long used() {
        return used.get();
    }

    /** A part of what is in use that is counted by itself too. */
    final class Share {
        private final AtomicLong bytes = new AtomicLong();

        /** Bytes of this part. */
        long bytes() {
            return bytes.get();
        }

        void add(long more) {
            bytes.addAndGet(more);
            used.addAndGet(more);
        }

        void enforce() {
            MemoryBudget.this.enforce();
        }
    }

    /** Evicts until what is used fits, or nothing more can go. One thread does it for all. */
    void enforce() {
        while (used.get() > limit && enforcing.compareAndSet(false, true)) {
            boolean went = true;
            try {
                while (went && used.get() > limit) {
                    went = evictor.evictOne();
                }
            } finally {
                enforcing.set(false);
            }
            if (!went) {
                return;
            }
        }
    }
}
