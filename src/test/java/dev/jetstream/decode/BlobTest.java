package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.RecordChecks.assertDropped;
import static dev.jetstream.decode.RecordChecks.assertRecord;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Links, bytes and blobs: the maps of a record that stand for something. */
class BlobTest {
    private static final byte[] CID = Cbor.cid(new byte[] {1, 2, 3});
    private static final String LINK = CommitTest.text(CID);

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

    private static Map<String, Object> blob() {
        return map("$type", "blob", "mimeType", "image/png", "ref", new Cbor.Link(CID), "size", 5);
    }
}
