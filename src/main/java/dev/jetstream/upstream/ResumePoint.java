package dev.jetstream.upstream;

import java.util.Objects;

/**
 * Where the journal stands.
 *
 * @param seq the upstream seq of its last event, or -1 when it holds none
 * @param relay the relay that the seq belongs to, as {@link Connection#relay} names it; empty when unknown
 */
public record ResumePoint(long seq, String relay) {
    /** An empty journal: the stream starts live. */
    public static final ResumePoint NOTHING = new ResumePoint(-1, "");

    public ResumePoint {
        Objects.requireNonNull(relay, "relay");
    }
}
