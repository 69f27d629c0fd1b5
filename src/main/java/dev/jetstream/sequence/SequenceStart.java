package dev.jetstream.sequence;

import dev.jetstream.event.RelaySeqs;

/**
 * Where the journal ends and the sequencer goes on.
 *
 * @param sequenceNr number of the newest block; 0: none
 * @param lastTimeUs its last event's time; 0: none
 * @param nextOrdinal the next event's running number
 * @param upstream the last upstream frames covered, of the relays that are still asked
 */
public record SequenceStart(long sequenceNr, long lastTimeUs, long nextOrdinal, RelaySeqs upstream) {
    /** The start of an empty journal. */
    public static final SequenceStart EMPTY = new SequenceStart(0, 0, 0, RelaySeqs.NONE);
}
