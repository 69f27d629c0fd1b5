package dev.jetstream.journal;

/**
 * Where the journal ends, and so where ingest goes on.
 *
 * @param lastSequenceNr number of the newest block; 0: none
 * @param lastTimeUs its last event's time, unix microseconds; 0: none
 * @param nextOrdinal the next event's running number
 * @param upstreamSeq seq of the last upstream frame covered; -1: none
 * @param relay the relay that this seq is of; empty: none
 */
public record JournalState(long lastSequenceNr, long lastTimeUs, long nextOrdinal, long upstreamSeq, String relay) {
    /** The state of an empty journal. */
    public static final JournalState EMPTY = new JournalState(0, 0, 0, -1, "");
}
