package dev.jetstream.event;

/** The account that a block's memoized results are charged to. */
@FunctionalInterface
public interface MemoLedger {
    /** Counts nothing. */
    MemoLedger NONE = (block, bytes) -> {};

    /** A block holds this many bytes more. Any thread; must not block. */
    void charge(EventBlock block, long bytes);
}
