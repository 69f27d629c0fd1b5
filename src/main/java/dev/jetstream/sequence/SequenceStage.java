package dev.jetstream.sequence;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.EventBlock;
import dev.jetstream.upstream.Connection;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleToLongFunction;
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
 * Cuts a block when downstream is free and the least interval since the last cut has passed: an event that comes alone goes
 * through at once, a busy stream is cut in groups.
 *
 * <pre>
 *   DecodedFrames ──&gt; pull while not full ──&gt; Sequencer ──&gt; cut: demand, and interval passed or full ──&gt; EventBlock
 * </pre>
 *
 * When upstream completes, what waits is cut and handed on first.
 */
public final class SequenceStage extends GraphStage<FlowShape<DecodedFrames, EventBlock>> {
    private final Inlet<DecodedFrames> in = Inlet.create("SequenceStage.in");
    private final Outlet<EventBlock> out = Outlet.create("SequenceStage.out");
    private final FlowShape<DecodedFrames, EventBlock> shape = FlowShape.of(in, out);

    private final Sequencer sequencer;
    private final DoubleToLongFunction intervalNanos;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    private final SequenceObserver observer;

    /**
     * @param sequencer used by this stage alone; so a stage is good for one materialization
     * @param intervalNanos least time between two cuts, given the events a second that come; asked at each
     * @param timer wakes the stage when an interval ends; Pekko's own scheduler ticks too coarsely for that
     */
    public SequenceStage(
            Sequencer sequencer,
            DoubleToLongFunction intervalNanos,
            LongSupplier nanoTime,
            ScheduledExecutorService timer,
            SequenceObserver observer) {
        this.sequencer = sequencer;
        this.intervalNanos = intervalNanos;
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
        private final Pace pace = new Pace();
        private long lastCut = nanoTime.getAsLong() - intervalNanos.applyAsLong(0);
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
            pullIfRoom();
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
            long left = lastCut + intervalNanos.applyAsLong(pace.perSecond()) - now;
            if (left > 0 && !sequencer.isFull() && !isClosed(in)) {
                setTimer(left);
                return;
            }
            EventBlock block = sequencer.cut();
            pace.add(block.count(), Math.max(1, now - lastCut));
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
            if (!sequencer.isFull() && !isClosed(in) && !hasBeenPulled(in)) {
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
