package dev.jetstream.sequence;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.Connection;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Cuts a block when downstream is free and about the minimum interval since the last cut has passed (three quarters of it, so
 * that a batch which comes slightly early needs no timer): a lone event passes at once, a busy stream is cut in groups.
 *
 * <pre>
 *   DecodedFrames ──&gt; pull while there is room ──&gt; Sequencer ──&gt; cut: demand, and interval passed or full ──&gt; EventBlock
 * </pre>
 *
 * When upstream completes, waiting events are cut and pushed first.
 */
public final class SequenceStage extends GraphStage<FlowShape<DecodedFrames, EventBlock>> {
    /** Notified of what passes; called by the stage, so it must not block. */
    public interface Observer {
        /** A batch came in, in the relay's order; {@code repeats} of its frames were skipped. */
        void onFrames(DecodedFrames frames, int repeats);

        /**
         * Frames that gave no event advanced the position since the last block. Called about once a second at most.
         *
         * @param sequenceNr number of the last block
         */
        void onCovered(long sequenceNr, RelaySeqs upstream);

        /** A relay's sequencer was reset: this connection brought new frames with lower seqs than before. */
        void onSequenceReset(Connection connection, long seq);
    }

    private static final long COVERED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Inlet<DecodedFrames> in = Inlet.create("SequenceStage.in");
    private final Outlet<EventBlock> out = Outlet.create("SequenceStage.out");
    private final FlowShape<DecodedFrames, EventBlock> shape = FlowShape.of(in, out);

    private final Sequencer sequencer;
    private final BlockInterval interval;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    private final Observer observer;

    /**
     * @param sequencer used by this stage alone, so a stage has one materialization
     * @param interval minimum time between two cuts; asked at each cut, and notified of each block
     * @param timer wakes the stage when an interval ends; Pekko's own scheduler ticks too coarsely for that
     */
    public SequenceStage(
            Sequencer sequencer,
            BlockInterval interval,
            LongSupplier nanoTime,
            ScheduledExecutorService timer,
            Observer observer) {
        this.sequencer = sequencer;
        this.interval = interval;
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.observer = observer;
    }

    @Override
    public FlowShape<DecodedFrames, EventBlock> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private final AsyncCallback<Boolean> wakeUp = createAsyncCallback(ignored -> onTimer());
        private long lastCut = nanoTime.getAsLong() - interval.nanos();
        private long lastCovered = lastCut;
        private boolean timerSet;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    onFrames(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    cutIfDue();
                    completeIfDone();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    cutIfDue();
                    pullIfRoom();
                    completeIfDone();
                }
            });
        }

        @Override
        public void preStart() {
            pull(in);
        }

        private void onFrames(DecodedFrames frames) {
            Connection connection = frames.connection();
            long resets = sequencer.resets(connection);
            int repeats = sequencer.add(frames);
            observer.onFrames(frames, repeats);
            if (sequencer.resets(connection) != resets) {
                observer.onSequenceReset(connection, frames.seqs()[frames.frameCount() - 1]);
            }
            cutIfDue();
            reportCovered();
            pullIfRoom();
        }

        private void reportCovered() {
            long now = nanoTime.getAsLong();
            if (sequencer.pendingEvents() == 0 && now - Math.max(lastCut, lastCovered) >= COVERED_NANOS) {
                lastCovered = now;
                observer.onCovered(sequencer.lastSequenceNr(), sequencer.covered());
            }
        }

        private void onTimer() {
            timerSet = false;
            cutIfDue();
            pullIfRoom();
        }

        private void cutIfDue() {
            if (sequencer.pendingEvents() == 0 || !isAvailable(out)) {
                return;
            }
            long now = nanoTime.getAsLong();
            long wanted = interval.nanos();
            long left = lastCut + wanted - now;
            if (left > wanted / 4 && !sequencer.isFull() && !isClosed(in)) {
                setTimer(left);
                return;
            }
            EventBlock block = sequencer.cut();
            interval.onBlock(block.count(), Math.max(1, now - lastCut));
            lastCut = now;
            push(out, block);
        }

        private void setTimer(long nanos) {
            if (!timerSet) {
                timerSet = true;
                timer.schedule(() -> wakeUp.invoke(true), nanos, TimeUnit.NANOSECONDS);
            }
        }

        private void pullIfRoom() {
            if (sequencer.hasRoom() && !isClosed(in) && !hasBeenPulled(in)) {
                pull(in);
            }
        }

        private void completeIfDone() {
            if (isClosed(in) && sequencer.pendingEvents() == 0) {
                completeStage();
            }
        }
    }
}
