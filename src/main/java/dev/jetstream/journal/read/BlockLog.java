package dev.jetstream.journal.read;

import dev.jetstream.event.EventBlock;
import java.util.concurrent.CompletionStage;

/**
 * The one way to read events: recent blocks from memory, older ones from the journal, in order of their sequence numbers.
 *
 * <p>Numbers grow by one from block to block; retention takes them away at the low end. All methods may be called by any thread
 * and none blocks.
 */
public interface BlockLog {
    /** Sequence number of the newest durable block; 0 before the first. */
    long tip();

    /** Runs a listener after each move of the tip from now on. It must return at once. */
    void onNewBlocks(Runnable listener);

    /** The block of this number when it is in memory, else null: then ask {@link #read}. */
    EventBlock held(long sequenceNr);

    /**
     * The first readable block at or after a number. It is of a higher number where retention has taken the one asked for, or
     * where it is damaged and the operator chose to skip.
     *
     * @param from at most {@link #tip()}
     * @return fails with {@link DamagedBlockException} at a damaged block where the operator chose to stop, and with whatever the
     *     journal failed with
     */
    CompletionStage<EventBlock> read(long from);

    /**
     * Where a replay from a time begins.
     *
     * @return number of the first block that ends at or after {@code timeUs}: the oldest held when all are younger, one above
     *     the tip when all are older
     */
    CompletionStage<Long> find(long timeUs);
}
