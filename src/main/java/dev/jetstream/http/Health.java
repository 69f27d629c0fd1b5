package dev.jetstream.http;

/** How the process is, for those who watch over it. Any thread may ask; nothing here blocks. */
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
}
