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

/** The stage that owns a {@link RelayReader}'s thread and hands on its batches. */
final class RelayStage extends AbstractGraphStageWithMaterializedValue<SourceShape<FrameBatch>, RelayControl> {
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Outlet<FrameBatch> out = Outlet.create("RelayStage.out");
    private final SourceShape<FrameBatch> shape = SourceShape.of(out);
    private final RelaySession session;
    private final Supplier<RelaySeqs> resume;

    private final LongSupplier gatherNanos;

    RelayStage(RelaySession session, Supplier<RelaySeqs> resume, LongSupplier gatherNanos) {
        this.gatherNanos = gatherNanos;
        this.session = session;
        this.resume = resume;
    }

    @Override
    public SourceShape<FrameBatch> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, RelayControl> createLogicAndMaterializedValuePair(Attributes attributes) {
        Logic logic = new Logic();
        return Pair.create(logic, logic.control());
    }

    private final class Logic extends TimerGraphStageLogic implements RelayReader.Sink {
        private final AsyncCallback<FrameBatch> batches = createAsyncCallback(this::onBatchInStage);
        private final AsyncCallback<Optional<Throwable>> done = createAsyncCallback(this::onDoneInStage);
        private final RelayReader reader = new RelayReader(session, resume, gatherNanos, this);
        private final ArrayDeque<FrameBatch> waiting = new ArrayDeque<>(RelayReader.BATCHES_AHEAD);

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

        /** An eighth of the shorter deadline: how late one may be noticed. */
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
                reader.onTaken();
            }
        }

        private void onDoneInStage(Optional<Throwable> failure) {
            if (failure.isPresent()) {
                failStage(failure.get());
            } else {
                completeStage();
            }
        }

        RelayControl control() {
            return () -> {
                reader.stop();
                done.invoke(Optional.empty());
            };
        }
    }
}
