package dev.jetstream.journal.codec;

/**
 * Bytes that should be a block and cannot be read as one: a value, because an exception of the serializer would fail the whole
 * batch of rows that it stands in.
 *
 * @param reason a clause that says what is wrong: {@code checksum does not fit}
 * @param newer whether the bytes are whole, but of a format that a newer version of this program writes
 */
public record Damaged(String reason, boolean newer) implements StoredBlock, Decoded {
    public Damaged(String reason) {
        this(reason, false);
    }
}
