package dev.jetstream.config;

/**
 * {@code jetstream.log}: what the process prints to standard output.
 *
 * @param format a line of text, or a line of JSON for each message
 * @param level the least level of this server's own messages; libraries stay at WARN
 */
public record LogConfig(Format format, Level level) {
    /** How a message is written. */
    public enum Format {
        TEXT,
        JSON
    }

    /** The least level that is printed. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }
}
