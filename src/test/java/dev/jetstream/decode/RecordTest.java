package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.RecordChecks.assertDropped;
import static dev.jetstream.decode.RecordChecks.assertRecord;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a record may hold, and how it is written. */
class RecordTest {
    private static final byte[] CID = Cbor.cid(new byte[] {1, 2, 3});

    @Test
    void mapsAreSortedByTheirQuotedKeysAtEveryLevel() {
        assertRecord(
                map("b", 1, "a", map("zz", 1, "z", 2), "a!", 3, "ab", 4, "\"", 5, "A", 6, "<", 7, "", 8),
                "{\"\":8,\"A\":6,\"\\\"\":5,\"\\u003c\":7,\"a!\":3,\"a\":{\"z\":2,\"zz\":1},\"ab\":4,\"b\":1}");
    }

    @Test
    void longKeysThatShareTheirStartAreSorted() {
        String start = "k".repeat(20);
        assertRecord(
                map(start + "b", 1, start + "a", 2, start, 3, start + " ", 4),
                "{\"%1$s \":4,\"%1$s\":3,\"%1$sa\":2,\"%1$sb\":1}".formatted(start));
    }

    @Test
    void keysThatAreRepeatedDropTheRecord() {
        assertDropped(Cbor.raw(0xA2, 0x61, 'a', 1, 0x61, 'a', 2), DropReason.MALFORMED_RECORD);
        assertDropped(Cbor.raw(0xA3, 0x61, 'a', 1, 0x61, 'b', 2, 0x61, 'a', 2), DropReason.MALFORMED_RECORD);
        byte[] key = Cbor.of("k".repeat(30));
        assertDropped(
                new Cbor.Raw(Cbor.concat(new byte[] {(byte) 0xA2}, key, new byte[1], key, new byte[1])),
                DropReason.MALFORMED_RECORD);
    }

    @Test
    void keysThatAreNoTextDropTheRecord() {
        assertDropped(Cbor.raw(0xA1, 0x01, 0x01), DropReason.MALFORMED_RECORD);
        assertDropped(Cbor.raw(0xA1, 0x41, 0x61, 0x01), DropReason.MALFORMED_RECORD);
        assertDropped(Cbor.raw(0xA1, 0x7F, 0x61, 0x61, 0xFF, 0x01), DropReason.MALFORMED_RECORD);
    }

    @Test
    void scalarsAndEmptyContainers() {
        assertRecord(
                map(
                        "a",
                        true,
                        "b",
                        false,
                        "c",
                        null,
                        "d",
                        Cbor.UNDEFINED,
                        "e",
                        List.of(),
                        "f",
                        map(),
                        "g",
                        "",
                        "h",
                        new byte[0]),
                "{\"a\":true,\"b\":false,\"c\":null,\"d\":null,\"e\":[],\"f\":{},\"g\":\"\",\"h\":{\"$bytes\":\"\"}}");
        assertRecord(map(), "{}");
    }

    @Test
    void integersOf64BitsAreWrittenAndOthersDropTheRecord() {
        assertRecord(
                map(
                        "a",
                        Long.MAX_VALUE,
                        "b",
                        Long.MIN_VALUE,
                        "c",
                        0,
                        "d",
                        -1,
                        "e",
                        10,
                        "f",
                        99,
                        "g",
                        1_000_000_000_000_000_000L),
                "{\"a\":9223372036854775807,\"b\":-9223372036854775808,\"c\":0,\"d\":-1,\"e\":10,\"f\":99,\"g\":1000000000000000000}");
        assertRecord(map("a", Cbor.raw(0x1B, 0, 0, 0, 0, 0, 0, 0, 5)), "{\"a\":5}");
        assertDropped(map("a", Cbor.raw(0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0)), DropReason.BIG_INTEGER);
        assertDropped(map("a", Cbor.raw(0x3B, 0x80, 0, 0, 0, 0, 0, 0, 0)), DropReason.BIG_INTEGER);
    }

    @Test
    void wholeFloatsAreWrittenAsIntegersAndOthersDropTheRecord() {
        assertRecord(
                map(
                        "a",
                        1.0,
                        "b",
                        -0.0,
                        "c",
                        0x1p62,
                        "d",
                        -0x1p63,
                        "e",
                        Cbor.raw(0xF9, 0xC4, 0x00),
                        "f",
                        Cbor.raw(0xFA, 0x47, 0xC3, 0x50, 0)),
                "{\"a\":1,\"b\":0,\"c\":4611686018427387904,\"d\":-9223372036854775808,\"e\":-4,\"f\":100000}");
        for (double odd : new double[] {0.5, 0x1p63, -1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE}) {
            assertDropped(map("a", odd), DropReason.FLOAT);
        }
        assertDropped(map("a", Cbor.raw(0xF9, 0x00, 0x01)), DropReason.FLOAT);
        assertDropped(map("a", Cbor.raw(0xF9, 0x7C, 0x00)), DropReason.FLOAT);
    }

    @Test
    void stringsAreEscapedAsGoDoes() {
        assertRecord(
                map("a", "\"\\\n\r\t\b\f\u0000\u001f\u007f<>&\u2028\u2029\u2027 é 漢 😀 /"),
                "{\"a\":\"\\\"\\\\\\n\\r\\t\\u0008\\u000c\\u0000\\u001f\u007f\\u003c\\u003e\\u0026\\u2028\\u2029\u2027 é 漢 😀 /\"}");
    }

    @Test
    void everyBadByteIsReplacedByItself() {
        assertRecord(map("a", text('x', 0xFF, 'y')), "{\"a\":\"x\\ufffdy\"}");
        assertRecord(map("a", text(0xE2, 0x80)), "{\"a\":\"\\ufffd\\ufffd\"}");
        assertRecord(map("a", text(0xED, 0xA0, 0x80)), "{\"a\":\"\\ufffd\\ufffd\\ufffd\"}");
        assertRecord(map("a", text(0xC0, 0xAF, 0xF4, 0x90, 0x80, 0x80)), "{\"a\":\"" + "\\ufffd".repeat(6) + "\"}");
        assertRecord(map("a", text(0xF0, 0x9F, 0x98, 'z')), "{\"a\":\"\\ufffd\\ufffd\\ufffdz\"}");
        assertRecord(
                map("a", text(0xE0, 0x9F, 0xBF, 0xF0, 0x8F, 0xBF, 0xBF)), "{\"a\":\"" + "\\ufffd".repeat(7) + "\"}");
    }

    @Test
    void whatIsNoMapIsNoRecord() {
        for (Object value : new Object[] {List.of(), "text", 1, new Cbor.Link(CID), true}) {
            assertDropped(value, DropReason.BAD_RECORD);
        }
        assertDropped(new Cbor.Raw(new byte[0]), DropReason.MALFORMED_RECORD);
    }

    @Test
    void indefiniteLengthsAndOtherBadCborDropTheRecord() {
        assertDropped(Cbor.raw(0xBF, 0xFF), DropReason.MALFORMED_RECORD);
        for (Cbor.Raw bad : List.of(
                Cbor.raw(0x9F, 0xFF),
                Cbor.raw(0xBF, 0xFF),
                Cbor.raw(0x7F, 0xFF),
                Cbor.raw(0x5F, 0xFF),
                Cbor.raw(0xFF),
                Cbor.raw(0x1C),
                Cbor.raw(0x1F),
                Cbor.raw(0xF8, 0x20),
                Cbor.raw(0xE0),
                Cbor.raw(0x62, 0x61),
                Cbor.raw(0x42, 1),
                Cbor.raw(0x82, 1),
                Cbor.raw(0x1B, 0),
                Cbor.raw(0x7B, 0x80, 0, 0, 0, 0, 0, 0, 0),
                Cbor.raw(0x98))) {
            assertDropped(map("a", bad), DropReason.MALFORMED_RECORD);
        }
        assertDropped(new Cbor.Raw(Cbor.concat(Cbor.of(map("a", 1)), new byte[1])), DropReason.MALFORMED_RECORD);
    }

    /** A text of these bytes, good or bad. */
    private static Cbor.Raw text(int... bytes) {
        return new Cbor.Raw(
                Cbor.concat(Cbor.head(3, bytes.length), Cbor.raw(bytes).bytes()));
    }
}
