package dev.jetstream.journal.read;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.MemoLedger;

/** A block in memory, with what it takes of the budget: itself, and what it memoizes. Any thread. */
final class Held implements MemoLedger {
    private final EventBlock block;
    private final MemoryBudget.Share share;
    private long bytes;
    private boolean released;

    /** Begins to count. */
    Held(EventBlock block, MemoryBudget.Share share) {
        this.block = block;
        this.share = share;
        bytes = block.weight();
        share.add(bytes);
        block.chargeTo(this);
    }

    EventBlock block() {
        return block;
    }

    /** Bytes that it takes now; 0 once released. */
    synchronized long bytes() {
        return bytes;
    }

    @Override
    public void charge(EventBlock charged, long more) {
        synchronized (this) {
            if (released) {
                return;
            }
            bytes += more;
            share.add(more);
        }
        share.enforce();
    }

    /** Drops what it memoized; who needs it makes it again. */
    void forgetMemos() {
        block.forgetMemos();
        synchronized (this) {
            if (!released) {
                share.add(block.weight() - bytes);
                bytes = block.weight();
            }
        }
    }

    /** Counts no more. Whoever still has the block may go on with it. */
    void release() {
        block.chargeTo(MemoLedger.NONE);
        synchronized (this) {
            if (!released) {
                released = true;
                share.add(-bytes);
                bytes = 0;
            }
        }
    }
}
