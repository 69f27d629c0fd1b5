package dev.jetstream.sequence;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.upstream.Connection;

/** Is told what passes the sequencer; called by the stage, so it must not block. */
public interface SequenceObserver {
    /** A batch came in, in the relay's order; {@code repeats} of its frames were skipped. */
    void onFrames(DecodedFrames frames, int repeats);

    /** Repeats came over this connection, and from its relay nothing but repeats for this long. */
    void onOnlyRepeats(Connection connection, long nanos);
}
