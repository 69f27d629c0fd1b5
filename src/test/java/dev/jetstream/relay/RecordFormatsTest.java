package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One model, two formats. */
class RecordFormatsTest {
    @Test
    void dagCborIsCanonical() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("bb", -1);
        model.put("a", List.of(true, false));
        model.put("é", null);
        model.put("b", new byte[] {1, 2});
        model.put("aaa", 1L << 32);
        assertThat(HexFormat.of().formatHex(CborWriter.encode(model)))
                .isEqualTo("a5" + "6161" + "82f5f4" + "6162" + "420102" + "626262" + "20" + "62c3a9" + "f6" + "63616161"
                        + "1b0000000100000000");
    }

    @Test
    void integersHaveTheirShortestForm() {
        assertThat(HexFormat.of().formatHex(CborWriter.encode(List.of(23, 24, 255, 256, 65_536, Long.MAX_VALUE))))
                .isEqualTo("86" + "17" + "1818" + "18ff" + "190100" + "1a00010000" + "1b7fffffffffffffff");
        assertThat(HexFormat.of().formatHex(CborWriter.encode(List.of(-24, -25, Long.MIN_VALUE))))
                .isEqualTo("83" + "37" + "3818" + "3b7fffffffffffffff");
    }

    @Test
    void aLinkIsTag42AndAZeroByteBeforeTheCid() {
        Cid cid = Cid.ofDigest(new byte[32]);
        assertThat(HexFormat.of().formatHex(CborWriter.encode(cid)))
                .isEqualTo("d82a582500" + "01711220" + "00".repeat(32));
    }

    @Test
    void aFloatIsNoPartOfTheDataModel() {
        assertThatThrownBy(() -> CborWriter.encode(1.5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void jsonEscapesAsGoDoes() {
        assertThat(AtprotoJson.of("<a href=\"x\">&\\\n\r\t\b\f\u0001\u001f\u007f\u2028\u2029é\uD83D\uDE00/'"))
                .isEqualTo("\"\\u003ca href=\\\"x\\\"\\u003e\\u0026\\\\\\n\\r\\t\\u0008\\u000c\\u0001\\u001f\u007f"
                        + "\\u2028\\u2029é\uD83D\uDE00/'\"");
    }

    @Test
    void jsonKeysAreOrderedByTheirQuotedForm() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("a", 1);
        model.put("a!", 2);
        model.put("a#", 3);
        model.put("<", 4);
        model.put("[", 5);
        model.put("]", 6);
        assertThat(AtprotoJson.of(model)).isEqualTo("{\"[\":5,\"\\u003c\":4,\"]\":6,\"a!\":2,\"a\":1,\"a#\":3}");
    }

    @Test
    void blobsHaveAnOrderOfTheirOwn() {
        Cid cid = Cid.ofBlob(new byte[32]);
        Map<String, Object> blob = Map.of("$type", "blob", "size", 5, "mimeType", "image/png", "ref", cid);
        assertThat(AtprotoJson.of(blob))
                .isEqualTo("{\"$type\":\"blob\",\"ref\":{\"$link\":\"" + cid
                        + "\"},\"mimeType\":\"image/png\",\"size\":5}");
        assertThat(AtprotoJson.of(Map.of("mimeType", "image/png", "cid", "bafk")))
                .isEqualTo("{\"cid\":\"bafk\",\"mimeType\":\"image/png\"}");
        assertThat(AtprotoJson.of(Map.of("mimeType", "m", "cid", "c", "a", 1)))
                .isEqualTo("{\"a\":1,\"cid\":\"c\",\"mimeType\":\"m\"}");
    }

    @Test
    void bytesAndNullsHaveTheirJsonForms() {
        List<Object> model = new ArrayList<>();
        model.add(new byte[] {(byte) 0xFB, 1, 2, 3});
        model.add(null);
        model.add(Map.of());
        assertThat(AtprotoJson.of(model)).isEqualTo("[{\"$bytes\":\"+wECAw\"},null,{}]");
    }

    @Test
    void everyMadeUpRecordReadsTheSameFromBothFormats() throws Exception {
        RecordMaker maker =
                new RecordMaker(new Rng(3), new RecordMaker.RecentPosts("did:plc:x", "r", Cid.ofDigest(new byte[32])));
        ObjectMapper json = new ObjectMapper();
        for (int i = 0; i < 3_000; i++) {
            Object record = maker.make(maker.collection(), "2026-01-01T00:00:00.000Z", "did:plc:y");
            JsonNode fromCbor = TestFrames.cbor(CborWriter.encode(record));
            JsonNode fromJson = json.readTree(AtprotoJson.of(record));
            assertThat(TestFrames.sameData(fromCbor, fromJson))
                    .as("%s", fromJson)
                    .isTrue();
        }
    }

    @Test
    void tidsSortAsTheirTimes() {
        assertThat(SyntheticNetwork.tid(0, 0)).isEqualTo("2222222222222");
        assertThat(SyntheticNetwork.tid(1_767_225_600_000_000L, 5))
                .hasSize(13)
                .isLessThan(SyntheticNetwork.tid(1_767_225_600_000_001L, 0));
    }
}
