package dev.jetstream.event;

/** Who pays for what a block memoizes. */
@FunctionalInterface
public interface MemoLedger {
    /** Counts nothing. */
    MemoLedger NONE = (block, bytes) -> {};

    /** A block has begun to hold this many bytes more. Any thread; must not block. */
    void charge(EventBlock block, long bytes);
}
