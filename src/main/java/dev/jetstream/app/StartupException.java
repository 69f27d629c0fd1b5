package dev.jetstream.app;

/** Says in one sentence why the server cannot start, and what mends it. */
public final class StartupException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param sentence for the operator: what is wrong, and what to do */
    public StartupException(String sentence) {
        super(sentence);
    }

    public StartupException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
