package dev.jetstream.sequence;

/**
 * Where the journal ends and the sequencer goes on.
 *
 * @param sequenceNr number of the newest block; 0: none
 * @param lastTimeUs its last event's time; 0: none
 * @param nextOrdinal the next event's running number
 * @param upstreamSeq seq of the last upstream frame covered; -1: none
 * @param relay the relay that this seq is of; empty: none
 */
public record SequenceStart(long sequenceNr, long lastTimeUs, long nextOrdinal, long upstreamSeq, String relay) {
    /** The start of an empty journal. */
    public static final SequenceStart EMPTY = new SequenceStart(0, 0, 0, -1, "");
}
