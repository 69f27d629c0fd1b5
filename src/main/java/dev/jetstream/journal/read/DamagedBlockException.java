package dev.jetstream.journal.read;

/** A block that the journal holds but that cannot be read. The message names the journal, the block and the reason. */
public final class DamagedBlockException extends RuntimeException {
    private final long sequenceNr;

    public DamagedBlockException(long sequenceNr, String message) {
        super(message);
        this.sequenceNr = sequenceNr;
    }

    /** The damaged block's number. */
    public long sequenceNr() {
        return sequenceNr;
    }
}
