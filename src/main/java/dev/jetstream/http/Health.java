package dev.jetstream.http;

/** The state of the process, for monitors and the web page. Any thread may ask; nothing here blocks. */
public interface Health {
    /**
     * One report.
     *
     * @param isGood whether to answer 200; else 503
     * @param text lines for a person
     */
    record Report(boolean isGood, String text) {}

    /** Whether the process works at all. */
    Report live();

    /** Whether it should be sent clients: listeners bound, frames coming in, the journal writing. */
    Report ready();

    /** A JSON object for {@code /status}, as of now or at most 200 ms ago. */
    String json();
}
