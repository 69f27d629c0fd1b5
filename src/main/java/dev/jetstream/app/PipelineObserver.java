package dev.jetstream.app;

import dev.jetstream.common.LogThrottle;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.decode.DropReason;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.sequence.SequenceStage;
import dev.jetstream.upstream.Connection;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what passes the sequencer. */
final class PipelineObserver implements SequenceStage.Observer {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineObserver.class);
    private static final DropReason[] REASONS = DropReason.values();

    private final PipelineMetrics metrics;
    private final LogThrottle resetLog = new LogThrottle();
    private final LongSupplier clockUs;
    private final ObjLongConsumer<RelaySeqs> covered;

    /** @param covered takes the position and the number of the block that it follows */
    PipelineObserver(PipelineMetrics metrics, LongSupplier clockUs, ObjLongConsumer<RelaySeqs> covered) {
        this.covered = covered;
        this.metrics = metrics;
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
    public void onCovered(long sequenceNr, RelaySeqs upstream) {
        covered.accept(upstream, sequenceNr);
    }

    @Override
    public void onSequenceReset(Connection connection, long seq) {
        metrics.sequenceReset();
        if (resetLog.permits()) {
            LOG.warn(
                    "the relay restarted its sequence: frames with lower seqs are new and are ingested relay={} seq={}",
                    connection.relay(),
                    seq);
        }
    }
}
