package dev.jetstream.cli;

/** Exit codes of the process. */
final class ExitCode {
    /** Success, or stopped by TERM or INT. */
    static final int OK = 0;

    /** It could not start, or failed while running. */
    static final int FAILED = 1;

    /** Wrong arguments or configuration; nothing was started. */
    static final int USAGE = 2;

    private ExitCode() {}
}
