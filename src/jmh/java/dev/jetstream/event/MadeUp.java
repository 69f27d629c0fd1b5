package dev.jetstream.event;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.decode.FrameDecoder;
import dev.jetstream.relay.SentFrame;
import dev.jetstream.relay.SyntheticNetwork;
import dev.jetstream.sequence.Sequencer;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.Connection;
import dev.jetstream.upstream.FrameBatch;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Made-up frames and blocks for the benchmarks. */
public final class MadeUp {
    private static final Connection CONNECTION = new Connection(1, false, "ws://relay");

    private MadeUp() {}

    /** As many frames of a made-up network as asked for, of those that are wanted. */
    public static FrameBatch frames(int count, Predicate<SentFrame> wanted) {
        SyntheticNetwork network = new SyntheticNetwork(1, 200, 1, InstantSource.system());
        List<byte[]> frames = new ArrayList<>();
        while (frames.size() < count) {
            SyntheticNetwork.Made made = network.next();
            if (wanted.test(made.sent())) {
                frames.add(made.frame());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] starts = new int[count];
        int[] ends = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = bytes.size();
            bytes.writeBytes(frames.get(i));
            ends[i] = bytes.size();
        }
        return new FrameBatch(bytes.toByteArray(), count, starts, ends, CONNECTION, System.nanoTime());
    }

    /** A block of about so many events. */
    public static EventBlock block(int events) {
        DecodedFrames decoded = new FrameDecoder(
                        (fault, batch, frame) -> {
                            throw fault;
                        },
                        new ArrayPool(FrameDecoder.OUTPUT_BYTES, 1))
                .decode(frames(events, sent -> true));
        Sequencer sequencer = new Sequencer(
                0,
                0,
                0,
                RelaySeqs.NONE,
                new Sequencer.Limits(events, Integer.MAX_VALUE, 1 << 20, 16, 64 << 20),
                () -> 1_780_000_000_000_000L);
        sequencer.add(decoded);
        return sequencer.cut();
    }
}
