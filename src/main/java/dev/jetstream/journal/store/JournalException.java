package dev.jetstream.journal.store;

/** The journal cannot be used. The message is one sentence for the operator: the problem, and what to do. */
public final class JournalException extends RuntimeException {
    public JournalException(String sentence) {
        super(sentence);
    }

    public JournalException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
