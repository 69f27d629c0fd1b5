package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.UpstreamMetrics.End;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** The reader without its stage, in the test's own time: deadlines while there is demand and while there is none. */
class RelayReaderIT {
    private final AtomicLong nowNanos = new AtomicLong();
    private final List<FrameBatch> batches = new CopyOnWriteArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final UpstreamMetrics metrics = new UpstreamMetrics();

    private final RelayReader.Sink sink = new RelayReader.Sink() {
        @Override
        public void onBatch(FrameBatch batch) {
            batches.add(batch);
        }

        @Override
        public void onDone(Optional<Throwable> failure) {
            failure.ifPresent(Throwable::printStackTrace);
            done.countDown();
        }
    };

    private final Timing timing = new Timing() {
        @Override
        public long nanoTime() {
            return nowNanos.get();
        }

        @Override
        public void pause(Duration duration, CountDownLatch stopped) {
            nowNanos.addAndGet(duration.toNanos());
        }

        @Override
        public double random() {
            return 0;
        }
    };

    private RelayReader reader(ScriptedRelay relay) throws Exception {
        return new RelayReader(
                new RelaySession(RelayProbe.config(relay.url()), metrics, SSLContext.getDefault(), timing),
                () -> RelaySeqs.NONE,
                () -> 0,
                sink);
    }

    private static Thread run(RelayReader reader) {
        Thread thread = new Thread(reader, "reader");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Larger than the read buffer: each is a batch of its own. */
    private static byte[] large(int seq) {
        return Frames.commit(seq, 100_000);
    }

    @Test
    void a_relay_that_is_held_back_does_not_look_dead() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
            peer.upgrade();
            for (int i = 0; i < RelayReader.MAX_AHEAD + 2; i++) {
                peer.message(large(i));
            }
            peer.holdOpen();
        })) {
            RelayReader reader = reader(relay);
            long heldBefore = metrics.heldBackMillis.value();
            Thread thread = run(reader);
            RelayProbe.await(
                    () -> batches.size() == RelayReader.MAX_AHEAD && thread.getState() == Thread.State.WAITING,
                    "the reader to be held back");
            nowNanos.addAndGet(Duration.ofHours(1).toNanos());
            reader.checkDeadline();
            batches.get(0).release(1);
            batches.get(1).release(1);
            RelayProbe.await(() -> batches.size() == RelayReader.MAX_AHEAD + 2, "two batches more");
            assertThat(relay.accepted).hasValue(1);
            assertThat(metrics.heldBackMillis.value() - heldBefore)
                    .isEqualTo(Duration.ofHours(1).toMillis());
            reader.stop();
            ScriptedRelay.await(done);
        }
    }

    @Test
    void a_relay_that_is_read_and_silent_is_dead_after_just_the_liveness() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
            peer.upgrade();
            peer.message(large(1));
            peer.holdOpen();
        })) {
            RelayReader reader = reader(relay);
            long before = metrics.ends(End.LIVENESS).value();
            Thread thread = run(reader);
            RelayProbe.await(() -> batches.size() == 1, "a batch");
            batches.get(0).release(1);
            // In the socket's read the thread counts as running; give the deadline time to be set by looking until it
            // acts.
            reader.checkDeadline();
            assertThat(metrics.ends(End.LIVENESS).value()).isEqualTo(before);
            RelayProbe.await(
                    () -> {
                        nowNanos.addAndGet(Duration.ofSeconds(20).toNanos());
                        reader.checkDeadline();
                        return metrics.ends(End.LIVENESS).value() > before;
                    },
                    "the end of the connection");
            reader.stop();
            ScriptedRelay.await(done);
            thread.join();
        }
    }
}
