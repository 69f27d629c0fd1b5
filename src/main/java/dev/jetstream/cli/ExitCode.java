package dev.jetstream.cli;

/** What the process ends with. */
final class ExitCode {
    /** All went well; also after TERM or INT. */
    static final int OK = 0;

    /** It could not start, or failed while it ran. */
    static final int FAILED = 1;

    /** Wrong arguments or configuration: nothing was started. */
    static final int USAGE = 2;

    private ExitCode() {}
}
