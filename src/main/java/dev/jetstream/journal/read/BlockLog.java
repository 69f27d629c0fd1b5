package dev.jetstream.journal.read;

import dev.jetstream.event.EventBlock;
import java.util.concurrent.CompletionStage;

/**
 * The durable blocks in order of their sequence numbers: recent ones from memory, older ones from the journal. Numbers grow by one;
 * retention deletes the lowest. Any thread; no method blocks.
 */
public interface BlockLog {
    /** Sequence number of the newest durable block; 0 before the first. */
    long tip();

    /** Runs a listener after each move of the tip from now on. It must return at once. */
    void onNewBlocks(Runnable listener);

    /** The block of this number if it is in memory; otherwise null, and {@link #read} loads it. */
    EventBlock held(long sequenceNr);

    /**
     * The first readable block at or after a number. Its number is higher if retention has deleted the one asked for, or if that
     * is damaged and the operator chose to skip.
     *
     * @param from at most {@link #tip()}
     * @return fails with {@link DamagedBlockException} at a damaged block if the operator chose to stop, and if the journal
     *     cannot be read
     */
    CompletionStage<EventBlock> read(long from);

    /**
     * The start of a replay from a time.
     *
     * @return number of the first block that ends at or after {@code timeUs}: the oldest held when all are younger, one above
     *     the tip when all are older
     */
    CompletionStage<Long> find(long timeUs);

    /**
     * The start of a replay from a running number. The block found may begin after it: numbers have gaps where blocks were lost.
     *
     * @return number of the first block that ends at or after {@link EventBlock#seq seq}: the oldest held when all are later, one
     *     above the tip when all are earlier
     */
    CompletionStage<Long> findSeq(long seq);

    /** The running numbers that can be read now. Fails if the journal cannot be read. */
    CompletionStage<SeqRange> seqs();

    /**
     * Running numbers of the oldest and the newest event, without blocks at the ends that are damaged.
     *
     * @param floor at least 1
     * @param tip {@code floor - 1} if there is no event
     */
    record SeqRange(long floor, long tip) {
        public static final SeqRange EMPTY = new SeqRange(1, 0);
    }
}
