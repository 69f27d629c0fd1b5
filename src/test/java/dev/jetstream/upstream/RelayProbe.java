package dev.jetstream.upstream;

import dev.jetstream.Patience;
import dev.jetstream.config.UpstreamConfig;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.decode.FrameDecoder;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.UpstreamMetrics.End;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;

/** A running relay source, whose batches are decoded, with its end in the test's hand. Waits between attempts are recorded, and skipped. */
final class RelayProbe implements AutoCloseable {
    final UpstreamMetrics metrics = new UpstreamMetrics();
    final List<Duration> waits = new CopyOnWriteArrayList<>();
    final AtomicReference<RelaySeqs> journal = new AtomicReference<>(RelaySeqs.NONE);
    final RelaySession session;
    private final FrameDecoder decoder = new FrameDecoder(
            (fault, batch, frame) -> {
                throw fault;
            },
            new ArrayPool(FrameDecoder.OUTPUT_BYTES, 1));
    private final ActorSystem system;
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private final long[] endsBefore = new long[End.values().length];
    private SinkQueueWithCancel<Taken> queue;
    private CompletableFuture<Optional<Taken>> pulled;
    RelaySource.Control control;
    Connection lastConnection;

    static UpstreamConfig config(URI url) {
        return new UpstreamConfig(
                url,
                -1,
                Duration.ofSeconds(20),
                List.of(),
                List.of(),
                Duration.ofSeconds(20),
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                1 << 20,
                1 << 16);
    }

    static UpstreamConfig withOverride(UpstreamConfig c, long cursor) {
        return new UpstreamConfig(
                c.url(),
                cursor,
                c.livenessTtl(),
                c.collections(),
                c.dids(),
                c.connectTimeout(),
                c.backoffMin(),
                c.backoffMax(),
                c.maxFrameBytes(),
                c.readBufferBytes());
    }

    static UpstreamConfig withTimeouts(UpstreamConfig c, Duration livenessTtl, Duration connectTimeout) {
        return new UpstreamConfig(
                c.url(),
                c.overrideCursor(),
                livenessTtl,
                c.collections(),
                c.dids(),
                connectTimeout,
                c.backoffMin(),
                c.backoffMax(),
                c.maxFrameBytes(),
                c.readBufferBytes());
    }

    RelayProbe(ActorSystem system, UpstreamConfig config) throws NoSuchAlgorithmException {
        this(system, config, SSLContext.getDefault());
    }

    RelayProbe(ActorSystem system, UpstreamConfig config, SSLContext tls) {
        this(system, config, tls, null);
    }

    /** Waits are waited. */
    static RelayProbe withRealWaits(ActorSystem system, UpstreamConfig config) throws NoSuchAlgorithmException {
        return new RelayProbe(system, config, SSLContext.getDefault(), Timing.system());
    }

    private RelayProbe(ActorSystem system, UpstreamConfig config, SSLContext tls, Timing timing) {
        this.system = system;
        this.session = new RelaySession(config, metrics, tls, timing == null ? new RecordingTiming(waits) : timing);
        for (End end : End.values()) {
            endsBefore[end.ordinal()] = metrics.ends(end).value();
        }
    }

    RelayProbe start() {
        Pair<RelaySource.Control, SinkQueueWithCancel<Taken>> running = Source.fromGraph(
                        new RelaySource(session, journal::get, () -> 0))
                .map(this::take)
                .toMat(Sink.<Taken>queue(1), Keep.both())
                .run(system);
        control = running.first();
        queue = running.second();
        pulled = null;
        return this;
    }

    /** The frames of a batch up to an error frame. */
    record Taken(Connection connection, List<byte[]> frames) {}

    private Taken take(FrameBatch batch) {
        DecodedFrames decoded = decoder.decode(batch);
        int count = decoded.frameCount() - (decoded.endedByError() ? 1 : 0);
        List<byte[]> taken = IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i)))
                .toList();
        decoded.release();
        batch.release(count);
        return new Taken(batch.connection(), taken);
    }

    /** The next frame; fails when none comes in time. */
    byte[] frame() throws Exception {
        while (frames.isEmpty()) {
            Taken taken = batch().orElseThrow(() -> new AssertionError("the source completed"));
            lastConnection = taken.connection();
            frames.addAll(taken.frames());
        }
        return frames.poll();
    }

    Optional<Taken> batch() throws Exception {
        if (pulled == null) {
            pulled = queue.pull().toCompletableFuture();
        }
        Optional<Taken> batch = pulled.get(Patience.SECONDS, TimeUnit.SECONDS);
        pulled = null;
        return batch;
    }

    void cancel() {
        queue.cancel();
    }

    /** Ends of this kind since the probe was made. */
    long ends(End reason) {
        return metrics.ends(reason).value() - endsBefore[reason.ordinal()];
    }

    void awaitEnd(End reason) {
        await(() -> ends(reason) > 0, "an end by " + reason);
    }

    static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Override
    public void close() {
        if (control != null) {
            control.stop();
        }
    }

    /** The real clock; a pause is written down and over at once. */
    private record RecordingTiming(List<Duration> waits) implements Timing {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration duration, CountDownLatch stopped) {
            waits.add(duration);
        }

        @Override
        public double random() {
            return 0.5;
        }
    }
}
