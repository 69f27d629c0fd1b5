package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.DID;
import static dev.jetstream.decode.Frame.REV;
import static dev.jetstream.decode.Frame.car;
import static dev.jetstream.decode.Frame.commit;
import static dev.jetstream.decode.Frame.header;
import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.Frame.op;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits: their ops and paths. */
class CommitTest {
    private static final String LIKE = "app.bsky.feed.like/3abc";
    private static final byte[] RECORD = Cbor.of(map("$type", "app.bsky.feed.like"));
    private static final byte[] CID = Cbor.cid(RECORD);

    @Test
    void aCreateAnUpdateAndADeleteAreSentInOpOrder() {
        byte[] other = Cbor.of(map("text", "hi"));
        Decoded decoded = decode(
                List.of(
                        op("create", LIKE, CID),
                        op("delete", "a.b.c/x", null),
                        op("update", "a.b.d/self", Cbor.cid(other))),
                car(other, RECORD));

        String start = "{\"did\":\"" + DID + "\",\"time_us\":0,\"kind\":\"commit\",\"commit\":{\"rev\":\"" + REV
                + "\",\"operation\":";
        assertThat(decoded.messages())
                .containsExactly(
                        start
                                + "\"create\",\"collection\":\"app.bsky.feed.like\",\"rkey\":\"3abc\",\"record\":{\"$type\":\"app.bsky.feed.like\"},\"cid\":\""
                                + text(CID) + "\"}}",
                        start + "\"delete\",\"collection\":\"a.b.c\",\"rkey\":\"x\"}}",
                        start
                                + "\"update\",\"collection\":\"a.b.d\",\"rkey\":\"self\",\"record\":{\"text\":\"hi\"},\"cid\":\""
                                + text(Cbor.cid(other)) + "\"}}");
        assertThat(decoded.drops()).isEmpty();
        DecodedFrames frames = decoded.frames();
        assertThat(frames.table()).containsExactly("app.bsky.feed.like", "a.b.c", "a.b.d");
        assertThat(frames.collections()).containsExactly(0, 1, 2);
        assertThat(frames.ops()).containsExactly(1, 0, 0, 0, 0, 1, 0, 1, 0);
        assertThat(frames.frameEnds()).containsExactly(3);
    }

    @Test
    void theFieldsMayComeInAnyOrder() {
        Map<String, Object> body = commit(List.of(op("create", LIKE, CID)), car(RECORD));
        List<String> keys = new ArrayList<>(body.keySet());
        Collections.reverse(keys);
        Map<String, Object> reversed = new LinkedHashMap<>();
        keys.forEach(key -> reversed.put(key, body.get(key)));

        assertThat(Decoded.of(Frame.of(map("op", 1, "t", "#commit"), reversed)).message())
                .isEqualTo(Decoded.of(Frame.of(header("#commit"), body)).message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"seq", "repo", "rev", "time", "ops"})
    void aCommitThatLacksAFieldIsMalformed(String field) {
        Map<String, Object> body = commit(List.of(op("create", LIKE, CID)), car(RECORD));
        body.remove(field);

        assertThat(Decoded.of(Frame.of(header("#commit"), body)).drops())
                .isEqualTo(Map.of(DropReason.MALFORMED_FRAME, 1));
    }

    @Test
    void aCommitThatIsTooBigIsDroppedAndCounted() {
        Map<String, Object> body = commit(List.of(), new byte[0]);
        body.put("tooBig", true);

        Decoded decoded = Decoded.of(Frame.of(header("#commit"), body));

        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.TOO_BIG, 1));
        assertThat(decoded.frames().seqs()).containsExactly(7);
    }

    @Test
    void badOpsAreDroppedAndTheOthersSent() {
        Decoded decoded = decode(
                List.of(
                        op("move", LIKE, CID),
                        op("create", LIKE, null),
                        map("path", LIKE, "cid", new Cbor.Link(CID)),
                        map("action", 5, "path", LIKE),
                        map("action", "create", "path", LIKE, "cid", "text"),
                        map("action", "create", "path", LIKE, "cid", Cbor.raw(0xD8, 0x2B, 0x41, 0x00)),
                        map("action", "create", "path", LIKE, "cid", Cbor.raw(0xD8, 0x2A, 0x42, 0x01, 0x01)),
                        5,
                        op("create", LIKE, CID)),
                car(RECORD));

        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.BAD_OP, 8));
        assertThat(decoded.messages()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a.b.c",
                "a.b.c/",
                "/x",
                "a.b.c/x/y",
                "a.b/x",
                "a.b.c-d/x",
                "a.b.1c/x",
                "1a.b.c/x",
                "a..c/x",
                "a.-b.c/x",
                "a.b-.c/x",
                "a.b.c./x",
                ".a.b.c/x",
                "a.b.ü/x",
                "a b.c.d/x"
            })
    void badPathsAreDropped(String path) {
        Decoded decoded = decode(List.of(op("delete", path, null), op("create", path, CID)), car(RECORD));

        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.BAD_PATH, 2));
    }

    @Test
    void aPathMustBeThereAndWithinItsLimits() {
        String segment = "s".repeat(63);
        String longest = String.join(".", segment, segment, segment, segment, "s".repeat(61));
        Decoded decoded = decode(
                List.of(
                        map("action", "delete"),
                        map("action", "delete", "path", 5),
                        op("delete", "a.b.c/" + "r".repeat(513), null),
                        op("delete", longest + "s/x", null),
                        op("delete", "a." + segment + "s.c/x", null),
                        op("delete", "a.b.c/" + "r".repeat(512), null),
                        op("delete", longest + "/x", null),
                        op("delete", "A.1b-c.d9/~!\"", null)),
                car());

        assertThat(longest).hasSize(317);
        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.BAD_PATH, 5));
        assertThat(decoded.messages()).hasSize(3);
        assertThat(decoded.messages().get(2)).endsWith("\"collection\":\"A.1b-c.d9\",\"rkey\":\"~!\\\"\"}}");
    }

    @Test
    void everyTruncationOfACommitIsCountedOnceAndTheNextFrameFlows() {
        byte[] frame = Frame.create(RECORD);
        FrameDecoder decoder = Decoded.decoder();
        for (int length = 0; length < frame.length; length++) {
            Decoded decoded = Decoded.with(decoder, Arrays.copyOf(frame, length), frame);

            assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.MALFORMED_FRAME, 1));
            assertThat(decoded.messages()).hasSize(1);
        }
    }

    @Test
    void messagesOfEverySizeAreFramedRight() {
        FrameDecoder decoder = Decoded.decoder();
        int shortest = Decoded.of(Frame.of(header("#commit"), commit(List.of(op("delete", "a.b.c/x", null)), car())))
                .message()
                .length();
        for (int length : new int[] {1, 2, 100, 65_000, 65_200, 65_300, 65_400, 65_500, 70_000, 500_000}) {
            String text = "x".repeat(length);
            String message =
                    Decoded.with(decoder, Frame.create((Object) map("t", text))).message();
            assertThat(message).contains("\"record\":{\"t\":\"" + text + "\"}");
        }
        Map<String, Object> tiny = commit(List.of(op("delete", "a.b.c/x", null)), car());
        tiny.put("repo", "d");
        for (String rev = ""; rev.length() < 20; rev += "r") {
            tiny.put("rev", rev);
            assertThat(Decoded.with(decoder, Frame.of(header("#commit"), tiny)).message())
                    .contains("\"rev\":\"" + rev + "\"");
        }
        assertThat(shortest).isGreaterThan(125);
    }

    static Decoded decode(List<?> ops, byte[] blocks) {
        return Decoded.of(Frame.of(header("#commit"), commit(ops, blocks)));
    }

    /** Base32, bit by bit. */
    static String text(byte[] cid) {
        StringBuilder text = new StringBuilder("b");
        BigInteger bits = new BigInteger(1, cid).shiftLeft((5 - cid.length * 8 % 5) % 5);
        for (int i = (cid.length * 8 + 4) / 5 - 1; i >= 0; i--) {
            text.append("abcdefghijklmnopqrstuvwxyz234567"
                    .charAt(bits.shiftRight(5 * i).intValue() & 31));
        }
        return text.toString();
    }
}
