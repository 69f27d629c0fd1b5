package dev.jetstream.journal.codec;

/**
 * A block as the bytes that the journal keeps, with its header read. The body is decompressed later, off the journal's threads.
 *
 * @param bytes header and body, as {@link BlockCodec} lays them out; never modified
 */
public record JournaledBlock(Header header, byte[] bytes) implements StoredBlock {
    @Override
    public String toString() {
        return "JournaledBlock[" + header + ", bytes=" + bytes.length + "]";
    }

    /**
     * The uncompressed part of a block, enough to find a time.
     *
     * @param version of the block's format
     * @param sequenceNr the journal's number of the block, from 1
     * @param count events, at least 1
     * @param firstTimeUs unix microseconds of the first event
     * @param lastTimeUs unix microseconds of the last event
     * @param firstOrdinal running number of the first event, from 0
     * @param upstreamSeq the first relay's seq, -1 for none
     * @param dictionary id of the dictionary that the body is compressed with
     * @param bodySize bytes of the body, uncompressed
     * @param bodyAt offset of the compressed body
     */
    public record Header(
            int version,
            long sequenceNr,
            int count,
            long firstTimeUs,
            long lastTimeUs,
            long firstOrdinal,
            long upstreamSeq,
            int dictionary,
            int bodySize,
            int bodyAt) {}
}
