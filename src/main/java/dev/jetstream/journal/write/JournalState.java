package dev.jetstream.journal.write;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.RelaySeqs;

/**
 * Where the journal ends, and so where ingest goes on.
 *
 * @param lastSequenceNr number of the newest block; 0: none
 * @param lastTimeUs its last event's time, unix microseconds; 0: none
 * @param nextOrdinal the next event's running number
 * @param upstream the last upstream frames covered
 */
public record JournalState(long lastSequenceNr, long lastTimeUs, long nextOrdinal, RelaySeqs upstream) {
    /** The state of an empty journal. */
    public static final JournalState EMPTY = new JournalState(0, 0, 0, RelaySeqs.NONE);

    /** The state of a journal that ends with this block. */
    static JournalState after(EventBlock newest) {
        return new JournalState(
                newest.sequenceNr(), newest.lastTimeUs(), newest.firstOrdinal() + newest.count(), newest.upstream());
    }
}
