package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.DID;
import static dev.jetstream.decode.Frame.TIME;
import static dev.jetstream.decode.Frame.header;
import static dev.jetstream.decode.Frame.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.EventKind;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, and the kinds that carry no records. */
class EnvelopeTest {
    @Test
    void nothingAfterAnErrorIsDecoded() {
        Decoded decoded = Decoded.of(
                Frame.of(header("#identity"), Frame.identity()),
                Frame.of(map("op", -1), map("error", "ConsumerTooSlow")),
                Frame.of(header("#identity"), Frame.identity()));

        assertThat(decoded.messages()).hasSize(1);
        assertThat(decoded.frames().seqs()).containsExactly(7, DecodedFrames.NO_SEQ);
        assertThat(decoded.frames().endedByError()).isTrue();
    }

    @Test
    void anIdentityIsSentWithItsHandle() {
        assertThat(Decoded.of(Frame.of(header("#identity"), Frame.identity())).message())
                .isEqualTo(
                        "{\"did\":\"%1$s\",\"time_us\":0,\"kind\":\"identity\",\"identity\":{\"did\":\"%1$s\",\"handle\":\"a.test\",\"seq\":7,\"time\":\"%2$s\"}}"
                                .formatted(DID, TIME));
    }

    @Test
    void anIdentityWithoutAHandleHasNone() {
        Map<String, Object> none = Frame.identity();
        none.remove("handle");
        Map<String, Object> ofNull = Frame.identity();
        ofNull.put("handle", null);
        String expected =
                "{\"did\":\"%1$s\",\"time_us\":0,\"kind\":\"identity\",\"identity\":{\"did\":\"%1$s\",\"seq\":7,\"time\":\"%2$s\"}}"
                        .formatted(DID, TIME);

        assertThat(Decoded.of(Frame.of(header("#identity"), none)).message()).isEqualTo(expected);
        assertThat(Decoded.of(Frame.of(header("#identity"), ofNull)).message()).isEqualTo(expected);
    }

    @Test
    void anEmptyHandleIsOne() {
        Map<String, Object> empty = Frame.identity();
        empty.put("handle", "");

        assertThat(Decoded.of(Frame.of(header("#identity"), empty)).message()).contains(",\"handle\":\"\",\"seq\"");
    }

    @Test
    void anAccountIsSentWithItsStatusOnlyIfItHasOne() {
        Map<String, Object> suspended = Frame.account();
        suspended.put("active", false);
        suspended.put("status", "suspended");

        assertThat(Decoded.of(Frame.of(header("#account"), Frame.account())).message())
                .isEqualTo(
                        "{\"did\":\"%1$s\",\"time_us\":0,\"kind\":\"account\",\"account\":{\"active\":true,\"did\":\"%1$s\",\"seq\":7,\"time\":\"%2$s\"}}"
                                .formatted(DID, TIME));
        assertThat(Decoded.of(Frame.of(header("#account"), suspended)).message())
                .isEqualTo(
                        "{\"did\":\"%1$s\",\"time_us\":0,\"kind\":\"account\",\"account\":{\"active\":false,\"did\":\"%1$s\",\"seq\":7,\"status\":\"suspended\",\"time\":\"%2$s\"}}"
                                .formatted(DID, TIME));
    }

    @Test
    void whatIsNotSentOnIsCountedByReasonAndKeepsItsSeq() {
        Decoded decoded = Decoded.of(
                Frame.of(header("#sync"), map("seq", 1, "did", DID, "blocks", new byte[3])),
                Frame.of(header("#info"), map("name", "OutdatedCursor")),
                Frame.of(header("#later"), map("seq", 3, "what", 1.5)),
                Frame.of(map("op", 2, "t", "#commit"), map("seq", 5)),
                Frame.of(map("op", -1), map("error", "FutureCursor")));

        assertThat(decoded.messages()).isEmpty();
        assertThat(decoded.drops())
                .isEqualTo(Map.of(
                        DropReason.SYNC, 1,
                        DropReason.INFO, 1,
                        DropReason.UNKNOWN_KIND, 2,
                        DropReason.ERROR_FRAME, 1));
        long none = DecodedFrames.NO_SEQ;
        assertThat(decoded.frames().seqs()).containsExactly(1, none, 3, 5, none);
        assertThat(decoded.frames().frameEnds()).containsExactly(0, 0, 0, 0, 0);
    }

    @Test
    void kindsAndTheLastTimeAreCounted() {
        Map<String, Object> later = Frame.account();
        later.put("time", "2026-07-04T14:00:01+02:00");

        DecodedFrames frames = Decoded.of(
                        Frame.create((Object) map("$type", "a.b.c")),
                        Frame.of(header("#identity"), Frame.identity()),
                        Frame.of(header("#account"), later),
                        Frame.of(map("op", -1), map("error", "X")))
                .frames();

        assertThat(frames.types()).hasSameSizeAs(DecodedFrames.TYPES).containsOnly(1);
        assertThat(frames.kinds()).as("a frame for each kind of event").containsExactly(0, 1, 2);
        assertThat(EventKind.values()).hasSize(frames.count());
        assertThat(frames.lastCreatedMicros()).isEqualTo(1_783_166_401_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "2026-07-04", "2026-02-30T00:00:00Z", "2026-07-04T12:00:00", "2026-07-04T12:00:00.Z", "soon"
            })
    void aBadTimeIsCountedAndSentAllTheSame(String time) {
        Map<String, Object> body = Frame.identity();
        body.put("time", time);

        Decoded decoded = Decoded.of(Frame.of(header("#identity"), body));

        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.BAD_TIME, 1));
        assertThat(decoded.messages()).singleElement().asString().endsWith("\"time\":\"" + time + "\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-07-04T12:00:00Z, 1783166400000000",
        "2026-07-04T12:00:00.1Z, 1783166400100000",
        "2026-07-04T12:00:00.123456789Z, 1783166400123456",
        "2026-07-04T12:00:00.5-01:30, 1783171800500000",
        "2024-02-29T23:59:60Z, 1709251200000000",
        "1969-12-31T23:59:59.999999Z, -1"
    })
    void timesAreReadToTheMicrosecond(String time, long micros) {
        byte[] bytes = Bytes.ascii(time);

        assertThat(Timestamps.micros(bytes, 0, bytes.length)).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seq", "did", "time"})
    void anIdentityThatLacksAFieldIsMalformed(String field) {
        Map<String, Object> body = Frame.identity();
        body.remove(field);

        assertMalformed(Frame.of(header("#identity"), body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seq", "did", "time", "active"})
    void anAccountThatLacksAFieldIsMalformed(String field) {
        Map<String, Object> body = Frame.account();
        body.remove(field);

        assertMalformed(Frame.of(header("#account"), body));
    }

    @Test
    void fieldsOfTheWrongTypeAreMalformed() {
        for (Object[] wrong : new Object[][] {
            {"seq", -1},
            {"seq", "7"},
            {"seq", Cbor.raw(0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0)},
            {"did", 7},
            {"did", ""},
            {"time", null},
            {"did", "d".repeat(2049)},
            {"handle", 5}
        }) {
            Map<String, Object> body = Frame.identity();
            body.put((String) wrong[0], wrong[1]);
            assertMalformed(Frame.of(header("#identity"), body));
        }
    }

    @Test
    void aDidOfTheGreatestLengthIsSent() {
        Map<String, Object> body = Frame.identity();
        body.put("did", "did:web:" + "d".repeat(2040));

        assertThat(Decoded.of(Frame.of(header("#identity"), body)).frames().didLengths())
                .containsExactly((short) 2048);
    }

    @Test
    void aDidThatIsTooLongOnceEscapedIsMalformed() {
        Map<String, Object> body = Frame.identity();
        body.put("did", "\n".repeat(1025));

        assertThat(Decoded.of(Frame.of(header("#identity"), body)).drops())
                .isEqualTo(Map.of(DropReason.MALFORMED_FRAME, 1));
    }

    @Test
    void badHeadersAreMalformed() {
        assertMalformed();
        assertMalformed(new byte[] {0});
        assertMalformed(Cbor.of(header("#identity")));
        assertMalformed(Frame.of(map("t", "#identity"), Frame.identity()));
        assertMalformed(Frame.of(map("op", 1), Frame.identity()));
        assertMalformed(Frame.of(map("op", "1", "t", "#identity"), Frame.identity()));
        assertMalformed(Frame.of(map("op", 1, "t", 5), Frame.identity()));
        assertMalformed(Frame.of(header("#identity"), "text"));
    }

    @Test
    void unknownFieldsOfAnyShapeAreReadOver() {
        Map<String, Object> unknown = map(
                "tag", Cbor.raw(0xD8, 0x2A, 0x41, 0x00),
                "half", Cbor.raw(0xF9, 0x3C, 0x00),
                "chunks", Cbor.raw(0x5F, 0x41, 0x01, 0x41, 0x02, 0xFF),
                "texts", Cbor.raw(0x7F, 0x61, 0x61, 0xFF),
                "open", Cbor.raw(0x9F, 0x01, 0x9F, 0xFF, 0xBF, 0x61, 0x61, 0x81, 0x01, 0xFF, 0xFF),
                "simple", Cbor.raw(0xF8, 0x20));
        unknown.putAll(Frame.identity());
        byte[] oddKeys = Cbor.concat(Cbor.of(Cbor.raw(0xA3, 0x01, 0x02, 0x41, 0x61, 0x03)), Cbor.of("op"), Cbor.of(1));

        assertThat(Decoded.of(Frame.of(header("#identity"), unknown)).message()).contains("\"seq\":7");
        assertThat(Decoded.of(oddKeys).drops()).isEqualTo(Map.of(DropReason.MALFORMED_FRAME, 1));
    }

    @Test
    void mapsOfIndefiniteLengthAreRead() {
        byte[] head =
                Cbor.concat(new byte[] {(byte) 0xBF}, Cbor.of("op"), Cbor.of(1), Cbor.of("t"), Cbor.of("#identity"));
        byte[] body = Cbor.of(Frame.identity());
        body[0] = (byte) 0xBF;
        byte[] end = {(byte) 0xFF};

        assertThat(Decoded.of(Cbor.concat(head, end, body, end)).message()).contains("\"handle\":\"a.test\"");
        assertMalformed(Cbor.concat(head, end, body));
    }

    @Test
    void everyTruncationOfAFrameIsMalformedAndTheNextFrameFlows() {
        byte[] frame = Frame.of(header("#account"), Frame.account());
        FrameDecoder decoder = Decoded.decoder();
        for (int length = 0; length < frame.length; length++) {
            Decoded decoded = Decoded.with(decoder, Arrays.copyOf(frame, length), frame);

            assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.MALFORMED_FRAME, 1));
            assertThat(decoded.messages()).hasSize(1);
            assertThat(decoded.frames().frameEnds()).containsExactly(0, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x81, 0xA1, 0x9F, 0xBF, 0xC1, 0x5F, 0x7F})
    void nestingOf100_000LevelsIsMalformed(int head) {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) head);

        assertMalformed(deep);
        assertMalformed(Cbor.concat(Cbor.of(header("#identity")), Cbor.of(Cbor.raw(0xA1, 0x61, 0x61)), deep));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x5B, 0x7B, 0x9B, 0xBB})
    void aLengthOf2To63IsMalformed(int head) {
        byte[] huge = Cbor.of(Cbor.raw(head, 0x80, 0, 0, 0, 0, 0, 0, 0));

        assertMalformed(huge);
        assertMalformed(Frame.of(header("#identity"), map("x", new Cbor.Raw(huge))));
        assertMalformed(Frame.of(header("#identity"), map("did", new Cbor.Raw(huge))));
    }

    @Test
    void reservedAndStrayBytesAreMalformed() {
        for (int stray : new int[] {0x1C, 0x1F, 0x3F, 0x5C, 0xDF, 0xFC, 0xFF}) {
            assertMalformed(Frame.of(header("#identity"), map("x", Cbor.raw(stray))));
        }
    }

    private static void assertMalformed(byte[]... frame) {
        byte[] bytes = frame.length == 0 ? new byte[0] : frame[0];
        Decoded decoded = Decoded.of(bytes, Frame.of(header("#identity"), Frame.identity()));
        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.MALFORMED_FRAME, 1));
        assertThat(decoded.messages()).hasSize(1);
        assertThat(decoded.frames().seqs()).containsExactly(DecodedFrames.NO_SEQ, 7);
    }
}
