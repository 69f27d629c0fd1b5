package dev.jetstream.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The decoder beside a naive one, and under input that means harm. */
class DecodePropertyTest {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final FrameDecoder decoder = Decoded.decoder();

    @Provide
    Arbitrary<Map<String, Object>> records() {
        return Arbitraries.randomValue(random -> new Records(random).record());
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.randomValue(random -> new Records(random).text());
    }

    @Property(tries = 2000)
    void recordsComeOutAsTheNaiveRendererWritesThem(@ForAll("records") Map<String, Object> record) {
        byte[] block = Cbor.of(record);

        assertThat(Decoded.with(decoder, Frame.create(block)).message())
                .endsWith(",\"rkey\":\"abc\",\"record\":" + NaiveJson.of(block) + ",\"cid\":\""
                        + CommitTest.text(Cbor.cid(block)) + "\"}}");
    }

    @Property(tries = 500)
    void theTextsOfAnEnvelopeAreEscapedToo(
            @ForAll("texts") String handle, @ForAll("texts") String time, @ForAll("texts") String did) {
        String sent = "did:" + did;
        byte[] frame = Frame.of(
                Frame.header("#identity"),
                Frame.map("did", sent, "seq", Long.MAX_VALUE, "time", time, "handle", handle));

        assertThat(Decoded.with(decoder, frame).messages())
                .containsExactly(
                        "{\"did\":%1$s,\"time_us\":0,\"kind\":\"identity\",\"identity\":{\"did\":%1$s,\"handle\":%2$s,\"seq\":9223372036854775807,\"time\":%3$s}}"
                                .formatted(NaiveJson.quoted(sent), NaiveJson.quoted(handle), NaiveJson.quoted(time)));
    }

    @Property(tries = 2000)
    void spoiltFramesNeverFailAndTheNextOnesFlow(
            @ForAll("records") Map<String, Object> record, @ForAll long seed, @ForAll @IntRange(max = 5) int kind) {
        Random random = new Random(seed);
        byte[] spoilt = spoil(frame(record, kind), random);
        byte[] good = Frame.create(Cbor.of(record));

        Decoded decoded = Decoded.with(decoder, spoilt, good);

        assertThat(decoded.frames().frameEnds()).hasSize(2);
        assertThat(decoded.frames().seqs()[1]).isEqualTo(7);
        assertThat(decoded.messages()).endsWith(Decoded.of(good).message());
        decoded.messages().forEach(DecodePropertyTest::assertIsJson);
    }

    @Property(tries = 2000)
    void spoiltRecordsNeverFailAndGiveJsonOrAReason(@ForAll("records") Map<String, Object> record, @ForAll long seed) {
        byte[] spoilt = spoil(Cbor.of(record), new Random(seed));

        Decoded decoded = Decoded.with(decoder, Frame.create(spoilt));

        assertThat(decoded.messages().size()
                        + decoded.drops().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                .isEqualTo(1);
        decoded.messages().forEach(DecodePropertyTest::assertIsJson);
    }

    @Property(tries = 2000)
    void anyBytesAreCountedAndSkipped(@ForAll @Size(max = 400) byte[] bytes) {
        Decoded decoded = Decoded.with(decoder, bytes);

        assertThat(decoded.messages()).isEmpty();
        assertThat(decoded.drops()).hasSize(1);
    }

    @Property(tries = 100)
    void manyKeysInAnyOrderAreSorted(@ForAll long seed, @ForAll @IntRange(max = 2000) int count) {
        Random random = new Random(seed);
        Map<String, Object> record = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String start = random.nextBoolean() ? "k" : "a common start ";
            record.put(start + Long.toString(random.nextLong() >>> random.nextInt(64), 36), 1);
        }
        byte[] block = Cbor.of(record);

        assertThat(Decoded.with(decoder, Frame.create(block)).message())
                .contains(",\"record\":" + NaiveJson.of(block) + ",\"cid\":");
    }

    @Property(tries = 200)
    void largeMapsWithinLargeMapsAreSorted(@ForAll long seed, @ForAll @IntRange(max = 60) int maps) {
        Random random = new Random(seed);
        Object value = List.of();
        for (int i = 0; i < maps; i++) {
            value = random.nextInt(4) == 0 ? List.of(0, value, value(random)) : mapAround(value, random);
        }
        byte[] block = Cbor.of(Frame.map("z", 0, "m", value, "a", value(random)));

        assertThat(Decoded.with(decoder, Frame.create(block)).message())
                .contains(",\"record\":" + NaiveJson.of(block) + ",\"cid\":");
    }

    private static Map<String, Object> mapAround(Object value, Random random) {
        Map<String, Object> map = new LinkedHashMap<>();
        int before = random.nextInt(5);
        int after = random.nextInt(5);
        for (int i = 0; i < before; i++) {
            map.put("same start " + random.nextInt(), value(random));
        }
        map.put("k", value);
        for (int i = 0; i < after; i++) {
            map.put(Integer.toString(random.nextInt(), 36), value(random));
        }
        return map;
    }

    private static Object value(Random random) {
        return random.nextInt(3) == 0 ? "x".repeat(random.nextInt(6000)) : random.nextInt(1000);
    }

    private static byte[] frame(Map<String, Object> record, int kind) {
        return switch (kind) {
            case 0 -> Frame.of(Frame.header("#identity"), Frame.identity());
            case 1 -> Frame.of(Frame.header("#account"), Frame.account());
            default -> Frame.create(Cbor.of(record));
        };
    }

    /** A few bytes changed, doubled, cut out, or the end cut off. */
    private static byte[] spoil(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 ->
                    bytes = Cbor.concat(
                            Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, random.nextInt(at + 1), bytes.length));
                case 2 -> bytes[at] = (byte) (bytes[at] + 1);
                default -> bytes[at] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    private static void assertIsJson(String message) {
        try {
            assertThat(STRICT.readTree(message).isObject()).isTrue();
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + message, e);
        }
    }
}
