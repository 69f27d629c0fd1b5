package dev.jetstream.decode;

import dev.jetstream.event.MadeUp;
import dev.jetstream.relay.SentFrame;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.FrameBatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a frame's bytes to its messages, per frame of a kind; the SHA-256 of each record is part of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodeBenchmark {
    private static final int FRAMES = 500;

    @Param({"all", "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.actor.profile", "delete", "identity", "account"
    })
    public String kind;

    private FrameBatch batch;
    private FrameDecoder decoder;

    @Setup
    public void prepare() {
        batch = MadeUp.frames(FRAMES, wanted());
        decoder = new FrameDecoder(
                (fault, of, frame) -> {
                    throw fault;
                },
                new ArrayPool(FrameDecoder.OUTPUT_BYTES, 1));
    }

    private Predicate<SentFrame> wanted() {
        return switch (kind) {
            case "all" -> sent -> true;
            case "identity" -> sent -> sent instanceof SentFrame.Identity;
            case "account" -> sent -> sent instanceof SentFrame.Account;
            case "delete" -> sent -> isOne(sent, op -> op.action().equals("delete"));
            default ->
                sent -> isOne(sent, op -> op.record() != null && op.collection().equals(kind));
        };
    }

    private static boolean isOne(SentFrame sent, Predicate<SentFrame.Op> op) {
        return sent instanceof SentFrame.Commit commit
                && commit.ops().size() == 1
                && op.test(commit.ops().get(0));
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public DecodedFrames decode() {
        return decoder.decode(batch);
    }
}
