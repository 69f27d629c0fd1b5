package dev.jetstream.upstream;

import dev.jetstream.event.RelaySeqs;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.stream.javadsl.Source;

/** The stream of a relay's raw frames. */
public final class RelaySource {
    private RelaySource() {}

    /**
     * A source that connects to the session's relay when it is materialized, and again whenever the connection is lost, until
     * it is stopped or cancelled. It fails only where {@code resume} does, or by a bug. Run one at a time per session.
     *
     * <p>Pressure from downstream reaches the relay's socket: at most {@link RelayReader#BATCHES_AHEAD} batches are read ahead.
     *
     * @param gatherNanos how long frames may gather before they are read; asked after each read, at most 20 ms are used
     * @param resume how far the journal covers the upstream; asked before each connect, on the reader's thread, and may wait
     */
    public static Source<FrameBatch, RelayControl> create(
            RelaySession session, Supplier<RelaySeqs> resume, LongSupplier gatherNanos) {
        return Source.fromGraph(new RelayStage(session, resume, gatherNanos));
    }
}
