package dev.jetstream.journal;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

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
        while (cause.getCause() != null && (cause.getMessage() == null || cause instanceof CompletionException)) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException) {
            // Pekko's own words name an actor, or a circuit breaker.
            return "no answer in time: the disk, the database or this machine has too much to do";
        }
        if (cause instanceof FileSystemException file && file.getReason() == null) {
            return cut(file.getFile() + ": " + word(file));
        }
        return cut(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    }

    /** The JDK leaves the commonest reasons to the class's name. */
    private static String word(FileSystemException failure) {
        return failure instanceof AccessDeniedException
                ? "permission denied"
                : failure instanceof NoSuchFileException
                        ? "no such file or directory"
                        : failure.getClass().getSimpleName();
    }
}
