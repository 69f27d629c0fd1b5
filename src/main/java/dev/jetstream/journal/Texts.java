package dev.jetstream.journal;

/** Texts as they may stand in a log line or a message. */
final class Texts {
    private static final int MOST = 200;

    private Texts() {}

    /** The text's beginning, without control characters. */
    static String cut(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MOST ? line : line.substring(0, MOST) + "…";
    }

    /** What went wrong, in a clause. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause.getMessage() == null || cause instanceof java.util.concurrent.CompletionException)) {
            cause = cause.getCause();
        }
        return cut(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    }
}
