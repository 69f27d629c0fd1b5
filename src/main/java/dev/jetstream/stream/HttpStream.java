package dev.jetstream.stream;

/** A stream of events in the body of an HTTP answer, for clients without a websocket. */
public enum HttpStream {
    /** Server-sent events (the HTML standard, section 9.2): {@code id: TIME_US}, {@code data: JSON}, an empty line. */
    SERVER_SENT_EVENTS("text/event-stream", ":\n", "id: ", "\ndata: ", "\n\n"),
    /** Newline-delimited JSON. */
    NDJSON("application/x-ndjson", "\n", "", "", "\n");

    private final String mediaType;
    private final String silence;
    private final String beforeId;
    private final String beforeJson;
    private final String behind;

    HttpStream(String mediaType, String silence, String beforeId, String beforeJson, String behind) {
        this.mediaType = mediaType;
        this.silence = silence;
        this.beforeId = beforeId;
        this.beforeJson = beforeJson;
        this.behind = behind;
    }

    /** As it stands in {@code Accept} and {@code Content-Type}, in lower case. */
    public String mediaType() {
        return mediaType;
    }

    /** A line that says nothing, for a connection that was sent nothing for long. */
    String silence() {
        return silence;
    }

    /** Whether an event's time stands before its JSON. */
    boolean hasId() {
        return !beforeId.isEmpty();
    }

    String beforeId() {
        return beforeId;
    }

    String beforeJson() {
        return beforeJson;
    }

    /** What ends an event. */
    String behind() {
        return behind;
    }
}
