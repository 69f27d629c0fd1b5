package dev.jetstream.app;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.decode.DropReason;
import dev.jetstream.sequence.SequenceObserver;
import dev.jetstream.upstream.Connection;
import dev.jetstream.upstream.RelayControl;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts what passes the sequencer, and turns away a relay that sends nothing but repeats. */
final class PipelineObserver implements SequenceObserver {
    private static final long MAX_NANOS_OF_REPEATS = TimeUnit.SECONDS.toNanos(10);
    private static final DropReason[] REASONS = DropReason.values();

    private final PipelineMetrics metrics;
    private final Supplier<RelayControl> relay;
    private final LongSupplier clockUs;
    private long turnedAwayConnection = -1;

    PipelineObserver(PipelineMetrics metrics, Supplier<RelayControl> relay, LongSupplier clockUs) {
        this.metrics = metrics;
        this.relay = relay;
        this.clockUs = clockUs;
    }

    @Override
    public void onFrames(DecodedFrames frames, int repeats) {
        metrics.processed(frames.types());
        for (int i = 0; i < REASONS.length; i++) {
            if (frames.drops()[i] > 0) {
                metrics.dropped(REASONS[i].label(), frames.drops()[i]);
            }
        }
        if (repeats > 0) {
            metrics.dropped(DropReason.REPEAT.label(), repeats);
        }
        for (int i = 0; i < frames.table().size(); i++) {
            metrics.ops(frames.table().get(i), frames.ops()[3 * i], frames.ops()[3 * i + 1], frames.ops()[3 * i + 2]);
        }
        metrics.sequenced(frames.count());
        long now = clockUs.getAsLong();
        metrics.took(Math.max(0, System.nanoTime() - frames.receivedNanos()), frames.frameCount());
        long last = frames.seqs()[frames.frameCount() - 1];
        if (last != DecodedFrames.NO_SEQ) {
            metrics.last(last, frames.lastCreatedMicros(), now);
        }
    }

    @Override
    public void onOnlyRepeats(Connection connection, long nanos) {
        if (nanos >= MAX_NANOS_OF_REPEATS && turnedAwayConnection != connection.id()) {
            turnedAwayConnection = connection.id();
            relay.get().goLive("nothing but repeats for " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s");
        }
    }
}
