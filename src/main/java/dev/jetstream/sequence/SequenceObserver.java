package dev.jetstream.sequence;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.upstream.Connection;

/** Is told what passes the sequencer; called by the stage, so it must not block. */
public interface SequenceObserver {
    /** A batch came in, in the relay's order; {@code repeats} of its frames were skipped. */
    void onFrames(DecodedFrames frames, int repeats);

    /** A relay's sequencer was reset: new frames came over this connection with lower seqs than before. */
    void onSequenceReset(Connection connection, long seq);
}
