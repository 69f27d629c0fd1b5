package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.Frame.op;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Eight megabytes of frames each, made to be expensive to decode. */
public final class LargeFrames {
    private static final int BYTES = 8_000_000;
    private static final int RECORD_BYTES = 1_000_000;
    private static final int OPS = 10_000;
    private static final byte[] V0 = v0();

    private LargeFrames() {}

    /** Single frames, each by what is large in it. */
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
        frames.put(
                "escapes in maps in maps",
                records(n -> inMaps(map("n", n, "b", "\u0001".repeat(RECORD_BYTES - 2_000), "a", 0))));
        frames.put("keys in random order", records(LargeFrames::shuffled));
        frames.put("keys in random order with long common starts", records(LargeFrames::shuffledAlike));
        frames.put("CIDs of version 0", records(n -> filledWith(n, new Cbor.Link(V0))));
        frames.put("CIDs spelled out in base58", records(n -> filledWith(n, map("$link", base58(500)))));
        frames.put("CIDs spelled out in base36", records(n -> filledWith(n, map("$link", base36(500)))));
        frames.put("bytes spelled out", records(n -> filledWith(n, map("$bytes", "AA"))));
        frames.put("legacy blobs", records(n -> filledWith(n, map("cid", base58(40), "mimeType", ""))));
        frames.put("large floats", records(n -> filledWith(n, Cbor.raw(0xFA, 0x5E, 0xFF, 0xFF, 0xFF))));
        frames.put(
                "small blobs",
                records(n ->
                        filledWith(n, map("$type", "blob", "ref", new Cbor.Link(V0), "mimeType", "", "size", -1))));
        frames.put("empty maps", records(n -> filledWith(n, Map.of())));
        frames.put("maps of two keys", records(n -> filledWith(n, map("b", 0, "a", 0))));
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

    /** Runs of short frames. */
    public static Map<String, byte[][]> runs() {
        byte[] bad = Cbor.of(map("a", 1.5));
        byte[] good = Cbor.of(map("a", "x".repeat(800)));
        Map<String, byte[][]> runs = new LinkedHashMap<>();
        runs.put("ops of nothing", ops(i -> Map.of()));
        runs.put("ops with bad paths", ops(i -> map("path", "x", "action", "delete")));
        runs.put("ops of as many collections", ops(i -> map("path", "a.b.c" + i + "/x", "action", "delete")));
        runs.put("ops without a block", ops(i -> op("create", "a.b.c/x", Cbor.cid(bad))));
        runs.put("ops with one bad record", ops(i -> op("create", "a.b.c/x", Cbor.cid(bad)), bad));
        runs.put("ops with one record", ops(i -> op("create", "a.b.c/x", Cbor.cid(good)), good));
        runs.put("bad records", smallRecords(i -> map("a", 1.5, "n", i)));
        runs.put("small records", smallRecords(i -> map("n", i)));
        return runs;
    }

    private static byte[][] ops(Maker maker, byte[]... blocks) {
        return run(commit(IntStream.range(0, OPS).mapToObj(maker::record).toList(), blocks));
    }

    private static byte[][] smallRecords(Maker maker) {
        byte[][] records =
                IntStream.range(0, OPS).mapToObj(i -> Cbor.of(maker.record(i))).toArray(byte[][]::new);
        return ops(i -> op("create", "a.b.c/x", Cbor.cid(records[i])), records);
    }

    private static byte[][] run(byte[] frame) {
        return Collections.nCopies(BYTES / frame.length, frame).toArray(byte[][]::new);
    }

    private static byte[] v0() {
        byte[] cid = new byte[34];
        Arrays.fill(cid, (byte) 0xFF);
        cid[0] = 0x12;
        cid[1] = 0x20;
        return cid;
    }

    /** A CID whose text has about so many characters. */
    private static String base58(int length) {
        byte[] cid = longCid(length * 3 / 4 - 20);
        StringBuilder text = new StringBuilder();
        BigInteger number = new BigInteger(1, cid);
        while (number.signum() > 0) {
            BigInteger[] parts = number.divideAndRemainder(BigInteger.valueOf(58));
            text.append("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".charAt(parts[1].intValue()));
            number = parts[0];
        }
        return "z" + text.reverse();
    }

    private static String base36(int length) {
        return "k" + new BigInteger(1, longCid(length * 5 / 8)).toString(36);
    }

    private static byte[] longCid(int digest) {
        byte[] cid = Cbor.concat(new byte[] {1, 0x71, 0}, Frame.varint(digest), new byte[digest]);
        Arrays.fill(cid, cid.length - digest, cid.length, (byte) 0xFF);
        return cid;
    }

    /** A record that repeats a value, in lists that are not too long. */
    private static Object filledWith(int number, Object value) {
        byte[] item = Cbor.of(value);
        int count = Math.min(100_000, RECORD_BYTES / item.length);
        List<Cbor.Raw> list = Collections.nCopies(count, new Cbor.Raw(item));
        return map("n", number, "v", Collections.nCopies(RECORD_BYTES / (count * item.length), list));
    }

    private static Object shuffled(int number) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 99_999; i++) {
            keys.add("%06d".formatted(i));
        }
        return shuffled(keys, number);
    }

    private static Object shuffledAlike(int number) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            keys.add("x".repeat(16) + "%06d".formatted(i));
        }
        return shuffled(keys, number);
    }

    private static Object shuffled(List<String> keys, int number) {
        Collections.shuffle(keys, new Random(number));
        Map<String, Object> record = new LinkedHashMap<>();
        keys.forEach(key -> record.put(key, number));
        return record;
    }

    private static Object nested(int number) {
        return inMaps(map("n", number, "b", "x".repeat(RECORD_BYTES - 2_000), "a", 0));
    }

    private static Object inMaps(Object value) {
        Object inner = value;
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
