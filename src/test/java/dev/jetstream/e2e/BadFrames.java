package dev.jetstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jetstream.decode.Cbor;
import dev.jetstream.decode.Frame;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Frames that a relay should never send. */
final class BadFrames {
    private static final String PATH = "app.bsky.feed.post/abc";
    private static final byte[] RECORD = Cbor.of(Frame.map("text", "hello", "$type", "app.bsky.feed.post"));

    /**
     * A frame, given its seq, and what it must be counted as.
     *
     * @param reason the label of {@code jetstream_events_dropped_total}
     */
    record Case(String name, String reason, Function<Long, byte[]> frame) {
        @Override
        public String toString() {
            return reason + ": " + name;
        }
    }

    private BadFrames() {}

    static Stream<Case> all() {
        return Stream.of(envelopes(), cars(), ops(), records()).flatMap(cases -> cases);
    }

    private static Stream<Case> envelopes() {
        byte[] commit = Cbor.of(Frame.header("#commit"));
        byte[] endless = Cbor.head(3, Long.MIN_VALUE);
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x81);
        return Stream.of(
                new Case("garbage", "malformed_frame", seq -> "this is no CBOR at all".getBytes(UTF_8)),
                new Case("nothing", "malformed_frame", seq -> new byte[0]),
                new Case("a header alone", "malformed_frame", seq -> commit),
                new Case("cut short", "malformed_frame", seq -> {
                    byte[] whole = withRecord(seq, RECORD);
                    return Arrays.copyOf(whole, whole.length / 2);
                }),
                new Case("a length of 2^63", "malformed_frame", seq -> Cbor.concat(commit, Cbor.head(5, 1), endless)),
                new Case("a map of 2^63", "malformed_frame", seq -> Cbor.concat(commit, Cbor.head(5, Long.MIN_VALUE))),
                new Case("100,000 arrays deep", "malformed_frame", seq -> Cbor.concat(commit, deep)),
                new Case(
                        "100,000 arrays deep in an unknown field",
                        "malformed_frame",
                        seq -> Frame.of(Frame.header("#commit"), Frame.map("x", new Cbor.Raw(deep)))),
                new Case(
                        "an indefinite map",
                        "malformed_frame",
                        seq -> Cbor.concat(commit, Cbor.raw(0xBF, 0xFF).bytes())),
                new Case("a kind of the future", "unknown_kind", seq -> Frame.of(Frame.header("#future"), seq(seq))),
                new Case("#info", "info", seq -> Frame.of(Frame.header("#info"), Frame.map("name", "Hello"))),
                new Case("too big", "too_big", seq -> {
                    Map<String, Object> body = commit(seq, List.of(), new byte[0]);
                    body.put("tooBig", true);
                    return frame(body);
                }));
    }

    private static Map<String, Object> seq(long seq) {
        return Frame.map("seq", seq, "did", Frame.DID, "time", Frame.TIME);
    }

    private static Stream<Case> cars() {
        byte[] good = Frame.car(RECORD);
        byte[] beyond = Cbor.concat(good, Frame.varint(1L << 40), new byte[40]);
        byte[] badVarint = new byte[12];
        Arrays.fill(badVarint, (byte) 0xFF);
        byte[] nowhere = Cbor.cid(new byte[] {1, 2, 3});
        return Stream.of(
                new Case("no CAR", "malformed_car", seq -> withCar(seq, "no CAR".getBytes(UTF_8))),
                new Case("an endless varint", "malformed_car", seq -> withCar(seq, Cbor.concat(good, badVarint))),
                new Case("a block larger than the frame", "malformed_car", seq -> withCar(seq, beyond)),
                new Case("cut short", "malformed_car", seq -> withCar(seq, Arrays.copyOf(good, good.length - 3))),
                new Case(
                        "a CID that points nowhere",
                        "missing_block",
                        seq -> frame(commit(seq, List.of(Frame.op("create", PATH, nowhere)), good))),
                new Case("a block that hashes to another CID", "wrong_hash", seq -> {
                    byte[] spoilt = good.clone();
                    spoilt[spoilt.length - 1] ^= 1;
                    return withCar(seq, spoilt);
                }));
    }

    private static Stream<Case> ops() {
        byte[] cid = Cbor.cid(RECORD);
        return Stream.of(
                new Case("no such action", "bad_op", seq -> op(seq, Frame.op("upsert", PATH, cid))),
                new Case("a create without a CID", "bad_op", seq -> op(seq, Frame.op("create", PATH, null))),
                new Case(
                        "a path without an rkey", "bad_path", seq -> op(seq, Frame.op("create", "app.bsky.feed", cid))),
                new Case("a path of three", "bad_path", seq -> op(seq, Frame.op("create", PATH + "/x", cid))));
    }

    private static byte[] op(long seq, Map<String, Object> op) {
        return frame(commit(seq, List.of(op), Frame.car(RECORD)));
    }

    private static Stream<Case> records() {
        byte[] deep = Cbor.concat(
                Cbor.head(5, 1),
                Cbor.of("a"),
                Cbor.concat(
                        IntStream.range(0, 200).mapToObj(i -> Cbor.head(4, 1)).toArray(byte[][]::new)),
                Cbor.of(1));
        return Stream.of(
                record("indefinite lengths", "malformed_record", new Cbor.Raw(new byte[] {(byte) 0xBF, (byte) 0xFF})),
                record("trailing bytes", "malformed_record", new Cbor.Raw(Cbor.concat(RECORD, new byte[1]))),
                record("an empty $type", "bad_record", Frame.map("$type", "")),
                record("a link with company", "bad_record", Frame.map("$link", "bafy", "x", 1)),
                record("a fraction", "float", Frame.map("x", 1.5)),
                record("2^63", "big_integer", Frame.map("x", new Cbor.Raw(Cbor.head(0, Long.MIN_VALUE)))),
                record("200 arrays deep", "too_large", new Cbor.Raw(deep)));
    }

    private static Case record(String name, String reason, Object record) {
        return new Case(name, reason, seq -> withRecord(seq, Cbor.of(record)));
    }

    private static byte[] withRecord(long seq, byte[] record) {
        return frame(commit(seq, List.of(Frame.op("create", PATH, Cbor.cid(record))), Frame.car(record)));
    }

    private static byte[] withCar(long seq, byte[] car) {
        return frame(commit(seq, List.of(Frame.op("create", PATH, Cbor.cid(RECORD))), car));
    }

    private static Map<String, Object> commit(long seq, List<?> ops, byte[] car) {
        Map<String, Object> body = Frame.commit(ops, car);
        body.put("seq", seq);
        return body;
    }

    private static byte[] frame(Map<String, Object> body) {
        return Frame.of(Frame.header("#commit"), body);
    }
}
