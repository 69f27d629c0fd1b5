package dev.jetstream.journal.codec;

/**
 * The plain part of a journaled block, enough to find a time and to go on after a restart without decompressing anything.
 *
 * @param version of the block's format
 * @param sequenceNr the journal's number of the block, from 1
 * @param count events, at least 1
 * @param firstTimeUs unix microseconds of the first event
 * @param lastTimeUs unix microseconds of the last event
 * @param firstOrdinal running number of the first event, from 0
 * @param upstreamSeq what {@link StoredSeqs} keeps here, -1 for none
 * @param dictionary id of the dictionary that the body is compressed with
 * @param bodySize bytes of the body, uncompressed
 * @param bodyAt offset of the compressed body
 */
public record BlockHeader(
        int version,
        long sequenceNr,
        int count,
        long firstTimeUs,
        long lastTimeUs,
        long firstOrdinal,
        long upstreamSeq,
        int dictionary,
        int bodySize,
        int bodyAt) {

    /** The running number of the first event behind the block. */
    long nextOrdinal() {
        return firstOrdinal + count;
    }
}
