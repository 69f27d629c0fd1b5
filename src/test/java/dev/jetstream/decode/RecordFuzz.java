package dev.jetstream.decode;

import dev.jetstream.fuzz.FuzzTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A record, in a frame whose CID and lengths fit it. What the decoder makes of it is what the naive renderer makes of it, which
 * reads the same bytes with Jackson; or it has a reason.
 */
public final class RecordFuzz implements FuzzTarget {
    /** What the decoder writes for a byte that is no UTF-8, and for nothing else. */
    private static final String BAD_BYTE = "\\ufffd";

    private final FrameDecoder decoder = Decoded.decoder();

    @Override
    public String take(byte[] input) throws Exception {
        DecodedFrames frames = decoder.decode(Decoded.batch(Frame.create(input)));
        List<String> events = EventChecks.json(frames);
        if (!events.isEmpty() && !events.get(0).contains(BAD_BYTE)) {
            String json = events.get(0);
            String record = json.substring(json.indexOf(",\"record\":") + 10, json.lastIndexOf(",\"cid\":\""));
            String naive = NaiveJson.of(input);
            if (!record.equals(naive)) {
                throw new AssertionError("the decoder wrote " + record + ", the naive renderer " + naive);
            }
        }
        frames.release();
        return FrameFuzz.outcome(frames, 0);
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> records = new ArrayList<>();
        for (int seed = 0; seed < 60; seed++) {
            records.add(Cbor.of(new Records(new Random(seed)).record()));
        }
        return records;
    }

    @Override
    public List<byte[]> words() {
        return Cbor.texts("$type", "$link", "$bytes", "blob", "ref", "mimeType", "size", "cid");
    }
}
