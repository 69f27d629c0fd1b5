package dev.jetstream.decode;

import dev.jetstream.fuzz.FuzzTarget;
import dev.jetstream.relay.SyntheticNetwork;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An upstream frame for the decoder. It gives events whose JSON is whole, or a reason; and the frame behind it gives what it
 * gives alone.
 */
public final class FrameFuzz implements FuzzTarget {
    private static final byte[] NEXT = Frame.of(Frame.header("#identity"), Frame.identity());
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_780_000_000));

    private final FrameDecoder decoder = Decoded.decoder();

    @Override
    public String take(byte[] input) throws Exception {
        DecodedFrames frames = decoder.decode(Decoded.batch(input, NEXT));
        List<String> events = EventChecks.json(frames);
        if (frames.endedByError() && frames.frameCount() == 1 && frames.count() == 0) {
            return GOOD;
        }
        if (frames.frameCount() != 2
                || frames.firstEvent(1) != frames.count() - 1
                || frames.seqs()[1] != 7
                || !events.get(frames.count() - 1).contains("\"handle\":\"a.test\",\"seq\":7,")) {
            throw new AssertionError("the next frame was not decoded as it should: " + frames);
        }
        frames.release();
        boolean isInfo = frames.drops()[DropReason.INFO.ordinal()] == 1 && frames.count() == 1;
        return isInfo ? GOOD : outcome(frames, 1);
    }

    /** The first reason for which something was left out; else what says that there are events beside {@code expected} ones. */
    static String outcome(DecodedFrames frames, int expected) {
        for (DropReason reason : DropReason.values()) {
            if (frames.drops()[reason.ordinal()] != 0) {
                return reason.name().toLowerCase(Locale.ROOT);
            }
        }
        return frames.count() > expected ? GOOD : "nothing";
    }

    @Override
    public List<byte[]> seeds() {
        SyntheticNetwork network = new SyntheticNetwork(11, 40, 1, CLOCK);
        List<byte[]> frames = new ArrayList<>();
        while (frames.size() < 60) {
            SyntheticNetwork.Made made = network.next();
            if (FrameFuzz.outcome(decoder.decode(Decoded.batch(made.frame())), 0)
                    .equals(GOOD)) {
                frames.add(made.frame());
            }
        }
        frames.add(Frame.of(Frame.map("op", -1), Frame.map("error", "FutureCursor", "message", "is\nin the future")));
        frames.add(Frame.of(Frame.header("#info"), Frame.map("name", "OutdatedCursor", "message", "é".repeat(300))));
        return frames;
    }

    @Override
    public List<byte[]> captured() throws Exception {
        return Corpus.find().map(Corpus::frames).orElse(List.of());
    }

    @Override
    public List<byte[]> words() {
        return Cbor.texts(
                "op",
                "t",
                "#commit",
                "#identity",
                "#account",
                "#sync",
                "#info",
                "seq",
                "repo",
                "rev",
                "time",
                "ops",
                "blocks",
                "cid",
                "path",
                "action",
                "create",
                "delete",
                "tooBig",
                "did",
                "active",
                "handle",
                "error",
                "message",
                "name",
                "roots",
                "version");
    }
}
