package dev.jetstream.journal.store;

/** Another process has become the journal's writer since this one did. Final: this process must not write any more. */
public final class SupersededException extends RuntimeException {
    SupersededException(long epoch) {
        super("another server has taken over the journal (this one's epoch is " + epoch + ")");
    }

    /** Whether this is why something failed. */
    public static boolean is(Throwable failure) {
        return StorageDamage.hasCause(failure, SupersededException.class::isInstance);
    }
}
