package dev.jetstream.upstream;

import dev.jetstream.event.RelaySeqs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * The source of a relay's raw frames. It connects to the session's relay when it is materialized, and again whenever the
 * connection is lost, until it is stopped or cancelled. It fails only where {@code resume} does, or by a bug. Run one at a time
 * per session.
 *
 * <p>Backpressure reaches the relay's socket: at most {@link RelayReader#MAX_AHEAD} batches are read and not yet decoded. The
 * consumer of a batch must {@linkplain FrameBatch#release release} it.
 */
public final class RelaySource
        extends AbstractGraphStageWithMaterializedValue<SourceShape<FrameBatch>, RelaySource.Control> {
    /** The handle on a running source. Any thread may call it, any number of times; it does not wait. */
    public interface Control {
        /** Closes the socket and completes the source. Frames read and not handed on are dropped: the next run gets them again. */
        void stop();
    }

    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Outlet<FrameBatch> out = Outlet.create("RelaySource.out");
    private final SourceShape<FrameBatch> shape = SourceShape.of(out);
    private final RelaySession session;
    private final Supplier<RelaySeqs> resume;
    private final LongSupplier gatherNanos;

    /**
     * @param resume how far the journal covers the upstream; asked before each connect, on the reader's thread, and may wait
     * @param gatherNanos how long frames may gather before they are read; asked after each read, at most 20 ms are used
     */
    public RelaySource(RelaySession session, Supplier<RelaySeqs> resume, LongSupplier gatherNanos) {
        this.session = session;
        this.resume = resume;
        this.gatherNanos = gatherNanos;
    }

    @Override
    public SourceShape<FrameBatch> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes attributes) {
        Logic logic = new Logic();
        return Pair.create(logic, logic::stop);
    }

    private final class Logic extends TimerGraphStageLogic implements RelayReader.Sink {
        private final AsyncCallback<FrameBatch> batches = createAsyncCallback(this::onBatchInStage);
        private final AsyncCallback<Optional<Throwable>> done = createAsyncCallback(this::onDoneInStage);
        private final RelayReader reader = new RelayReader(session, resume, gatherNanos, this);
        private final ArrayDeque<FrameBatch> waiting = new ArrayDeque<>();

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pushNext();
                }
            });
        }

        @Override
        public void preStart() {
            scheduleAtFixedRate("deadline", tick(), tick());
            Thread thread = new Thread(reader, "jetstream-upstream-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            thread.start();
        }

        /** An eighth of the shorter deadline: how late the stage may notice it. */
        private Duration tick() {
            long liveness = session.config().livenessTtl().toMillis();
            long connect = session.config().connectTimeout().toMillis();
            return Duration.ofMillis(Math.max(5, Math.min(500, Math.min(liveness, connect) / 8)));
        }

        @Override
        public void onTimer(Object key) {
            reader.checkDeadline();
        }

        @Override
        public void postStop() {
            reader.stop();
        }

        @Override
        public void onBatch(FrameBatch batch) {
            batches.invoke(batch);
        }

        @Override
        public void onDone(Optional<Throwable> failure) {
            done.invoke(failure);
        }

        private void onBatchInStage(FrameBatch batch) {
            waiting.add(batch);
            if (isAvailable(out)) {
                pushNext();
            }
        }

        private void pushNext() {
            FrameBatch batch = waiting.poll();
            if (batch != null) {
                push(out, batch);
            }
        }

        private void onDoneInStage(Optional<Throwable> failure) {
            if (failure.isPresent()) {
                failStage(failure.get());
            } else {
                completeStage();
            }
        }

        private void stop() {
            reader.stop();
            done.invoke(Optional.empty());
        }
    }
}
