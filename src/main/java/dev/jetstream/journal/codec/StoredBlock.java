package dev.jetstream.journal.codec;

import dev.jetstream.event.EventBlock;

/** What the journal holds under one sequence number: an encoded block, the block decoded, or bytes that are no block. */
public sealed interface StoredBlock permits JournaledBlock, StoredBlock.Whole, StoredBlock.Damaged {

    /** A decoded block. */
    record Whole(EventBlock block) implements StoredBlock {}

    /**
     * Bytes that should be a block and cannot be read as one. A value, because an exception of the serializer would fail the whole
     * batch of rows.
     *
     * @param reason a clause: {@code checksum does not fit}
     * @param newer whether the bytes are intact, but of a format that a newer version of this program writes
     */
    record Damaged(String reason, boolean newer) implements StoredBlock {
        public Damaged(String reason) {
            this(reason, false);
        }
    }
}
