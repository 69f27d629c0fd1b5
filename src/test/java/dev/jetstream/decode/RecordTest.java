package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.DropReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a record may hold, and how it is written. */
class RecordTest {
    private static final byte[] CID = Cbor.cid(new byte[] {1, 2, 3});
    private static final String LINK = CommitTest.text(CID);

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
    void linksAndBytes() {
        assertRecord(
                map(
                        "l",
                        new Cbor.Link(CID),
                        "b",
                        new byte[] {(byte) 0xFB, 0, 1, 2},
                        "c",
                        new byte[] {1, 2, 3},
                        "d",
                        new byte[] {1, 2, 3, 4, 5}),
                "{\"b\":{\"$bytes\":\"+wABAg\"},\"c\":{\"$bytes\":\"AQID\"},\"d\":{\"$bytes\":\"AQIDBAU\"},\"l\":{\"$link\":\""
                        + LINK + "\"}}");
    }

    @Test
    void badLinksDropTheRecord() {
        assertDropped(map("l", Cbor.raw(0xD8, 0x2A, 0x41, 0x00)), DropReason.BAD_RECORD);
        assertDropped(map("l", Cbor.raw(0xD8, 0x2A, 0x40)), DropReason.BAD_RECORD);
        assertDropped(map("l", new Cbor.Link(Arrays.copyOf(CID, 35))), DropReason.BAD_RECORD);
        assertDropped(map("l", new Cbor.Link(Arrays.copyOf(CID, 37))), DropReason.BAD_RECORD);
        assertDropped(map("l", Cbor.raw(0xD8, 0x2A, 0x61, 0x00)), DropReason.MALFORMED_RECORD);
        assertDropped(map("l", Cbor.raw(0xC1, 0x01)), DropReason.MALFORMED_RECORD);
    }

    @Test
    void aMapOfALinkOrOfBytesStandsForThem() {
        assertRecord(map("x", map("$link", LINK)), "{\"x\":{\"$link\":\"" + LINK + "\"}}");
        assertRecord(map("x", map("$link", LINK.toUpperCase(Locale.ROOT))), "{\"x\":{\"$link\":\"" + LINK + "\"}}");
        assertRecord(
                map("x", map("$link", "f" + HexFormat.of().formatHex(CID))), "{\"x\":{\"$link\":\"" + LINK + "\"}}");
        assertRecord(
                map("x", map("$link", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG")),
                "{\"x\":{\"$link\":\"QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG\"}}");
        assertRecord(map("x", map("$bytes", "AQI")), "{\"x\":{\"$bytes\":\"AQI\"}}");
        assertRecord(map("x", map("$bytes", "AQ\nJ")), "{\"x\":{\"$bytes\":\"AQI\"}}");
    }

    @Test
    void aBadMapOfALinkOrOfBytesDropsTheRecord() {
        for (Map<String, Object> bad : List.of(
                map("$link", LINK, "other", 1),
                map("other", 1, "$link", LINK),
                map("$bytes", "AQI", "other", 1),
                map("$link", 1234),
                map("$link", "."),
                map("$link", ""),
                map("$link", LINK.substring(1)),
                map("$link", LINK + "a"),
                map("$link", "b" + "a".repeat(100_000)),
                map("$link", "z" + "2".repeat(100_000)),
                map("$bytes", List.of(1)),
                map("$bytes", "AQI="),
                map("$bytes", "A"),
                map("$bytes", "A!"))) {
            assertDropped(map("x", bad), DropReason.BAD_RECORD);
        }
        assertDropped(map("$link", LINK), DropReason.BAD_RECORD);
    }

    @Test
    void aTypeThatIsEmptyOrNoTextDropsTheRecord() {
        assertDropped(map("$type", ""), DropReason.BAD_RECORD);
        assertDropped(map("$type", 1), DropReason.BAD_RECORD);
        assertDropped(map("x", map("$type", null)), DropReason.BAD_RECORD);
        assertRecord(map("$type", "blobs", "size", 1), "{\"$type\":\"blobs\",\"size\":1}");
    }

    @Test
    void aBlobHasItsOwnOrder() {
        String expected = "{\"x\":{\"$type\":\"blob\",\"ref\":{\"$link\":\"" + LINK
                + "\"},\"mimeType\":\"image/png\",\"size\":5}}";
        assertRecord(map("x", blob()), expected);
        Map<String, Object> otherwise =
                map("size", 5.0, "ref", map("$link", LINK), "mimeType", "image/png", "$type", "blob");
        assertRecord(map("x", otherwise), expected);
        assertRecord(map("x", blob(), "a", 1), "{\"a\":1," + expected.substring(1));
    }

    @Test
    void aBlobOfNegativeSizeIsWrittenAsALegacyOneAsGoDoes() {
        Map<String, Object> blob = blob();
        blob.put("size", -1);

        assertRecord(map("x", blob), "{\"x\":{\"cid\":\"" + LINK + "\",\"mimeType\":\"image/png\"}}");
    }

    @Test
    void aBlobMustHaveItsFourFieldsOfTheirTypes() {
        Map<String, Object> wrong = new HashMap<>();
        wrong.put("ref", LINK);
        wrong.put("mimeType", 5);
        wrong.put("size", "5");
        wrong.forEach((key, value) -> {
            Map<String, Object> spoilt = blob();
            spoilt.put(key, value);
            assertDropped(map("x", spoilt), DropReason.BAD_RECORD);
            Map<String, Object> less = blob();
            less.remove(key);
            assertDropped(map("x", less), DropReason.BAD_RECORD);
            less.put("other", 1);
            assertDropped(map("x", less), DropReason.BAD_RECORD);
        });
        Map<String, Object> more = blob();
        more.put("alt", "text");
        assertDropped(map("x", more), DropReason.BAD_RECORD);
        assertDropped(blob(), DropReason.BAD_RECORD);
    }

    @Test
    void aLegacyBlobIsWrittenCidFirst() {
        String expected = "{\"x\":{\"cid\":\"" + LINK + "\",\"mimeType\":\"image/<\"}}".replace("<", "\\u003c");
        assertRecord(map("x", map("mimeType", "image/<", "cid", LINK)), expected);
        assertRecord(map("x", map("cid", LINK.toUpperCase(Locale.ROOT), "mimeType", "image/<")), expected);
        assertRecord(map("x", map("cid", new Cbor.Link(CID), "mimeType", "image/<")), expected);
        assertRecord(map("x", map("cid", CID, "mimeType", "image/<")), expected);
        assertRecord(
                map("cid", "any", "mimeType", "image/png", "z", 1),
                "{\"cid\":\"any\",\"mimeType\":\"image/png\",\"z\":1}");
        assertRecord(map("cid", 1, "mimeTypes", 2), "{\"cid\":1,\"mimeTypes\":2}");
    }

    @Test
    void aLegacyBlobWithABadCidOrTypeDropsTheRecord() {
        assertDropped(map("x", map("cid", "bogus", "mimeType", "image/png")), DropReason.BAD_RECORD);
        assertDropped(map("x", map("cid", 5, "mimeType", "image/png")), DropReason.BAD_RECORD);
        assertDropped(map("x", map("cid", new byte[] {1, 2}, "mimeType", "image/png")), DropReason.BAD_RECORD);
        assertDropped(map("x", map("cid", LINK, "mimeType", 5)), DropReason.BAD_RECORD);
        assertDropped(map("cid", LINK, "mimeType", "image/png"), DropReason.BAD_RECORD);
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

    @Test
    void nestingGoesTo128Levels() {
        assertThat(Decoded.of(Frame.create(nested(127, 0x81))).drops()).isEmpty();
        assertDropped(new Cbor.Raw(nested(128, 0x81)), DropReason.TOO_LARGE);
        assertDropped(new Cbor.Raw(nested(100_000, 0x81)), DropReason.TOO_LARGE);
        byte[] maps = new byte[300_000];
        for (int i = 0; i < maps.length; i += 3) {
            maps[i] = (byte) 0xA1;
            maps[i + 1] = 0x61;
            maps[i + 2] = 'a';
        }
        assertDropped(new Cbor.Raw(maps), DropReason.TOO_LARGE);
    }

    /** A record whose one entry is an array in an array and so on. */
    private static byte[] nested(int arrays, int head) {
        byte[] nest = new byte[arrays];
        Arrays.fill(nest, (byte) head);
        return Cbor.concat(new byte[] {(byte) 0xA1, 0x61, 'a'}, nest, new byte[1]);
    }

    @Test
    void containersHoldTo131_072Entries() {
        List<Object> most = Collections.nCopies(131_072, 1);
        assertThat(Decoded.of(Frame.create((Object) map("a", most))).messages()).hasSize(1);
        assertDropped(map("a", Collections.nCopies(131_073, 1)), DropReason.TOO_LARGE);
        assertDropped(map("a", Cbor.raw(0xBA, 0, 2, 0, 1)), DropReason.TOO_LARGE);
        assertDropped(map("a", Cbor.raw(0xBB, 0xFF, 0, 0, 0, 0, 0, 0, 0)), DropReason.TOO_LARGE);
    }

    @Test
    void aMapOfVeryManyKeysIsSorted() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 131_072; i++) {
            keys.add(Integer.toString(i, 36));
        }
        List<String> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, new Random(1));
        Map<String, Object> record = new LinkedHashMap<>();
        shuffled.forEach(key -> record.put(key, 0));
        keys.sort(null);
        StringBuilder expected = new StringBuilder();
        keys.forEach(key -> expected.append(",\"").append(key).append("\":0"));

        assertRecord(record, "{" + expected.substring(1) + "}");
    }

    @Test
    void keysAndRecordsHaveALimit() {
        assertThat(Decoded.of(Frame.create((Object) map("k".repeat(8192), 1))).messages())
                .hasSize(1);
        assertDropped(map("k".repeat(8193), 1), DropReason.TOO_LARGE);
        int overhead = Cbor.of(map("t", "x".repeat(100_000))).length - 100_000;
        String most = "x".repeat(RecordWriter.MAX_RECORD_BYTES - overhead);
        assertThat(Decoded.of(Frame.create((Object) map("t", most))).messages()).hasSize(1);
        assertDropped(map("t", most + "x"), DropReason.TOO_LARGE);
    }

    @Test
    void aRecordThatGrowsSixfoldIsWritten() {
        String control = "\u0001".repeat(1_000_000);

        assertRecord(map("t", control), "{\"t\":\"" + "\\u0001".repeat(1_000_000) + "\"}");
    }

    private static Map<String, Object> blob() {
        return map("$type", "blob", "mimeType", "image/png", "ref", new Cbor.Link(CID), "size", 5);
    }

    /** A text of these bytes, good or bad. */
    private static Cbor.Raw text(int... bytes) {
        return new Cbor.Raw(
                Cbor.concat(Cbor.head(3, bytes.length), Cbor.raw(bytes).bytes()));
    }

    private static void assertRecord(Object record, String json) {
        byte[] block = Cbor.of(record);
        String message = Decoded.of(Frame.create(block)).message();
        String cid = CommitTest.text(Cbor.cid(block));
        assertThat(message).endsWith("\"rkey\":\"abc\",\"record\":" + json + ",\"cid\":\"" + cid + "\"}}");
    }

    private static void assertDropped(Object record, DropReason reason) {
        Decoded decoded = Decoded.of(Frame.create(Cbor.of(record)), Frame.create((Object) map()));
        assertThat(decoded.drops()).isEqualTo(Map.of(reason, 1));
        assertThat(decoded.messages()).hasSize(1);
    }
}
