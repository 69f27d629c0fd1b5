package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.RecordChecks.assertDropped;
import static dev.jetstream.decode.RecordChecks.assertRecord;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How deep, how wide and how large a record may be. */
class RecordLimitsTest {

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
}
