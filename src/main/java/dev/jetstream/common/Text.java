package dev.jetstream.common;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Formats untrusted text and failures for a log line or error message. */
public final class Text {
    private static final int MAX_CHARS = 200;

    private Text() {}

    /** At most 200 characters of the text, on one line, without control characters. */
    public static String cut(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]+", " ")
                .strip();
        return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "…";
    }

    /** The reason of a failure, as a clause. */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && (cause.getMessage() == null || cause instanceof CompletionException)) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException) {
            // Pekko's message names an actor or a circuit breaker.
            return "no answer in time: the disk, the database or this machine has too much to do";
        }
        if (cause instanceof FileSystemException file && file.getReason() == null) {
            return cut(file.getFile() + ": " + word(file));
        }
        return cut(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    }

    /** The most common reasons, which the JDK expresses only by the class. */
    private static String word(FileSystemException failure) {
        return failure instanceof AccessDeniedException
                ? "permission denied"
                : failure instanceof NoSuchFileException
                        ? "no such file or directory"
                        : failure.getClass().getSimpleName();
    }
}
