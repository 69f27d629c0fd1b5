package dev.jetstream.cli;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Detects a terminal and rewrites its lines. */
final class Terminal {
    /** Clears the line and moves to its start. */
    static final String CLEAR_LINE = "\r\u001b[K";

    private Terminal() {}

    static boolean isStandardOutput() {
        return isTerminal(1);
    }

    static boolean isStandardError() {
        return isTerminal(2);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            Process test = new ProcessBuilder("test", "-t", Integer.toString(descriptor))
                    .inheritIO()
                    .start();
            if (!test.waitFor(1, TimeUnit.SECONDS)) {
                test.destroy();
                return false;
            }
            return test.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
