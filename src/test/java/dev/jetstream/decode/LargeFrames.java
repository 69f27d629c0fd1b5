package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.Frame.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Frames of eight megabytes, made to be dear to decode. */
public final class LargeFrames {
    private static final int BYTES = 8_000_000;
    private static final int RECORD_BYTES = 1_000_000;

    private LargeFrames() {}

    /** Each by what is large in it. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> frames = new LinkedHashMap<>();
        frames.put("ops", commit(Collections.nCopies(BYTES / 40, op("delete", "a.b.c/x", null)), new byte[0][]));
        frames.put(
                "blocks",
                commit(
                        List.of(),
                        Collections.nCopies(BYTES / 40, new byte[] {1}).toArray(byte[][]::new)));
        frames.put("maps in maps whose keys are not sorted", records(LargeFrames::nested));
        frames.put("keys in falling order", records(LargeFrames::falling));
        frames.put("keys that differ in their last byte", records(LargeFrames::alike));
        frames.put("what has to be escaped", records(n -> map("n", n, "t", "\u0001".repeat(RECORD_BYTES - 100))));
        frames.put("nothing but openings", Frame.of(Frame.header("#commit"), map("x", new Cbor.Raw(filled(0x9F)))));
        frames.put("nothing but keys", Frame.of(Frame.header("#commit"), new Cbor.Raw(filled(0xBF))));
        return frames;
    }

    private interface Maker {
        Object record(int number);
    }

    private static byte[] records(Maker maker) {
        List<Object> ops = new ArrayList<>();
        List<byte[]> blocks = new ArrayList<>();
        for (int size = 0; size < BYTES - RECORD_BYTES; size += blocks.get(blocks.size() - 1).length) {
            byte[] record = Cbor.of(maker.record(blocks.size()));
            ops.add(op("create", "a.b.c/" + blocks.size(), Cbor.cid(record)));
            blocks.add(record);
        }
        return commit(ops, blocks.toArray(byte[][]::new));
    }

    private static byte[] commit(List<?> ops, byte[][] blocks) {
        return Frame.of(Frame.header("#commit"), Frame.commit(ops, Frame.car(blocks)));
    }

    private static Object nested(int number) {
        Object inner = map("n", number, "b", "x".repeat(RECORD_BYTES - 2_000), "a", 0);
        for (int i = 0; i < 120; i++) {
            inner = map("b", inner, "a", 0);
        }
        return inner;
    }

    private static Object falling(int number) {
        Map<String, Object> record = new LinkedHashMap<>();
        for (int i = 99_999; i >= 0; i--) {
            record.put("%06d".formatted(i), number);
        }
        return record;
    }

    private static Object alike(int number) {
        Map<String, Object> record = new LinkedHashMap<>();
        for (int i = 120; i > 0; i--) {
            record.put("k".repeat(8_180) + "%03d".formatted(i), number);
        }
        return record;
    }

    private static byte[] filled(int head) {
        byte[] all = new byte[BYTES];
        Arrays.fill(all, (byte) head);
        return all;
    }
}
