package dev.jetstream.journal.codec;

/**
 * A block in the bytes that the journal keeps, its header read. The body is decompressed later, off the journal's threads.
 *
 * @param bytes header and body, as {@link BlockCodec} lays them out; nobody writes to them
 */
public record JournaledBlock(BlockHeader header, byte[] bytes) implements StoredBlock {
    @Override
    public String toString() {
        return "JournaledBlock[" + header + ", bytes=" + bytes.length + "]";
    }
}
