package dev.jetstream.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BlockCodecTest {
    private static EventBlock roundTrip(EventBlock block) {
        StoredBlock stored = BlockCodec.read(BlockCodec.encode(block).bytes());
        return ((StoredBlock.Whole) BlockCodec.decode((JournaledBlock) stored)).block();
    }

    @Property(tries = 300)
    void aBlockComesBackAsItWas(
            @ForAll @IntRange(min = 1, max = 300) int count,
            @ForAll @LongRange(min = 1) long number,
            @ForAll @LongRange(min = 0, max = 1L << 50) long ordinal) {
        EventBlock block = Blocks.block(number, count, Blocks.START_US + ordinal, ordinal);
        assertThat(Blocks.dump(roundTrip(block))).isEqualTo(Blocks.dump(block));
    }

    /** Journals of years may lie about: what is pinned here must be read, and written, for ever. */
    @Test
    void aBodyOfVersion1IsThis() {
        long[] times = {Blocks.START_US, Blocks.START_US + 1, Blocks.START_US + 300};
        byte[] kinds = {0, 1, 2};
        List<String> messages = new ArrayList<>();
        for (long time : times) {
            messages.add("{\"did\":\"did:web:a\",\"time_us\":" + time + ",}");
        }
        ByteWriter body = new ByteWriter(64);
        BlockBody.write(Blocks.of(1, 0, times, kinds, new int[3], messages, List.of("a.b")), body);
        String message = "{\"did\":\"did:web:a\",\"time_us\":,}";
        assertThat(new String(body.array(), 0, body.size(), StandardCharsets.ISO_8859_1))
                .isEqualTo((char) Blocks.RELAY.length() + Blocks.RELAY
                        + "\u0001\u0003a.b"
                        + "\u0001\u00ab\u0002"
                        + "\u0002\u0001\u0000"
                        + "\u0009\u0009\u0009"
                        + "\u001f\u001f\u001f"
                        + message.repeat(3));
    }

    @Property
    void theKindsColumnComesBack(
            @ForAll @IntRange(min = 1, max = 50) int entries,
            @ForAll @IntRange(max = 9) int kind,
            @ForAll @IntRange(max = 49) int collection) {
        int column = BlockBody.kindColumn(kind, collection % entries, entries);
        assertThat(column).isNotNegative();
        assertThat(BlockBody.kindNumber(column, entries)).isEqualTo(kind);
    }

    @Test
    void aKindOfANewerVersionIsToldFromDamage() {
        int unknown = EventKind.lastNumber() + 1;
        long time = Blocks.START_US;
        List<String> messages = List.of("{\"did\":\"did:web:a\",\"time_us\":" + time + ",}");
        ByteWriter body = new ByteWriter(64);
        BlockBody.write(Blocks.of(3, 0, new long[] {time}, new byte[1], new int[1], messages, List.of("a.b")), body);
        int kindAt = 1 + Blocks.RELAY.length() + 1 + 1 + "a.b".length();
        body.array()[kindAt] = (byte) BlockBody.kindColumn(unknown, 0, 1);
        JournaledBlock.Header header = new JournaledBlock.Header(1, 3, 1, time, time, 0, 1003, 1, body.size(), 40);
        assertThat(BlockBody.read(header, body.array())).isInstanceOfSatisfying(Damaged.class, damage -> {
            assertThat(damage.newer()).isTrue();
            assertThat(damage.reason()).contains("kind " + unknown);
        });
    }

    @Test
    void oneRelayIsVersion1() {
        assertThat(BlockCodec.encode(Blocks.block(3, 5, 1000)).bytes()[1]).isEqualTo((byte) 1);
        EventBlock nobodys = Blocks.covering(RelaySeqs.NONE, Blocks.block(3, 5, 1000));
        assertThat(BlockCodec.encode(nobodys).bytes()[1]).isEqualTo((byte) 1);
        assertThat(roundTrip(nobodys).upstream()).isEqualTo(RelaySeqs.NONE);
    }

    @Property(tries = 100)
    void severalRelaysComeBackEachWithItsSeq(@ForAll @Size(min = 2, max = 101) List<@LongRange(min = -1) Long> seqs) {
        RelaySeqs upstream = RelaySeqs.NONE;
        for (int i = 0; i < seqs.size(); i++) {
            upstream = upstream.with("wss://relay-" + i, seqs.get(i));
        }
        EventBlock block = Blocks.covering(upstream, Blocks.block(3, 5, 1000));
        assertThat(BlockCodec.encode(block).bytes()[1]).isEqualTo((byte) 2);
        assertThat(Blocks.dump(roundTrip(block))).isEqualTo(Blocks.dump(block));
    }

    @Test
    void moreRelaysThanAReaderTakesAreNotWritten() {
        RelaySeqs upstream = RelaySeqs.NONE;
        for (int i = 0; i < 102; i++) {
            upstream = upstream.with("wss://relay-" + i, i);
        }
        EventBlock block = Blocks.covering(upstream, Blocks.block(3, 5, 1000));
        assertThatThrownBy(() -> BlockCodec.encode(block)).hasMessageContaining("102");
    }

    @Property(tries = 100)
    void messagesOfAnySizeAndTimesOfAnyDistanceComeBack(@ForAll Random random) {
        int count = 1 + random.nextInt(12);
        long[] times = new long[count];
        byte[] kinds = new byte[count];
        int[] collections = new int[count];
        List<String> messages = new ArrayList<>();
        long time = 1_000_000_000_000_000L + random.nextInt(1000);
        for (int i = 0; i < count; i++) {
            times[i] = time;
            time += 1 + (random.nextLong() >>> random.nextInt(40) + 24);
            kinds[i] = (byte) random.nextInt(EventKind.lastNumber() + 1);
            collections[i] = kinds[i] == 0 ? random.nextInt(2) : 0;
            int size = new int[] {0, 1, 40, 100, 70_000}[random.nextInt(5)];
            messages.add("{\"did\":\"did:web:" + "d".repeat(random.nextInt(300)) + "\",\"time_us\":" + times[i] + ",\""
                    + Blocks.letters(random, size) + "ü\"}");
        }
        EventBlock block = Blocks.of(9, 5, times, kinds, collections, messages, List.of("a.b.c", "x.y.z"));
        assertThat(Blocks.dump(roundTrip(block))).isEqualTo(Blocks.dump(block));
    }

    @Property(tries = 2000)
    void bitsThatFlippedAreFoundAndDoNotThrow(
            @ForAll @IntRange(max = 100_000) int at, @ForAll @IntRange(min = 1, max = 255) int flip) {
        byte[] bytes = BlockCodec.encode(Blocks.block(3, 5, 1000)).bytes().clone();
        bytes[at % bytes.length] ^= (byte) flip;
        assertThat(BlockCodec.read(bytes)).isInstanceOf(Damaged.class);
    }

    /** As hostile bytes would be, and those of a bug. */
    @Property(tries = 5000)
    void changedBytesWithAChecksumThatFitsDoNotThrow(@ForAll Random random) {
        byte[] bytes = BlockCodec.encode(Blocks.block(3, 5, 1000)).bytes();
        byte[] changed =
                Arrays.copyOf(bytes, Math.max(7, bytes.length - random.nextInt(3) * random.nextInt(bytes.length)));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextBoolean()
                    ? 6 + random.nextInt(Math.min(40, changed.length - 6))
                    : random.nextInt(changed.length);
            changed[at] = (byte) random.nextInt();
        }
        changed[0] = 0x4A;
        changed[1] = (byte) (1 + random.nextInt(2));
        decodeWithFittingChecksum(changed);
    }

    @Property(tries = 2000)
    void aBodyThatSaysAnythingDoesNotThrow(@ForAll Random random) {
        ByteWriter body = new ByteWriter(64);
        BlockBody.write(Blocks.block(3, 4, 1000), body);
        byte[] changed = Arrays.copyOf(body.array(), body.size());
        for (int i = random.nextInt(6); i >= 0; i--) {
            changed[random.nextInt(Math.min(120, changed.length))] = (byte) random.nextInt();
        }
        JournaledBlock.Header header = new JournaledBlock.Header(
                1 + random.nextInt(2),
                3,
                4,
                Blocks.START_US + 2000,
                Blocks.START_US + 2003,
                8,
                1003,
                1,
                changed.length - random.nextInt(9),
                40);
        assertThat(BlockBody.read(header, changed)).isNotNull();
    }

    private static void decodeWithFittingChecksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 2);
        crc.update(bytes, 6, bytes.length - 6);
        for (int i = 0; i < 4; i++) {
            bytes[2 + i] = (byte) (crc.getValue() >>> 8 * i);
        }
        if (BlockCodec.read(bytes) instanceof JournaledBlock block) {
            assertThat(BlockCodec.decode(block)).isNotNull();
        }
    }

    @Test
    void aHeaderThatPromisesMoreThanTheBytesCanHoldIsRefusedBeforeAnythingIsAllocated() {
        ByteWriter out = new ByteWriter(64);
        out.putByte(0x4A);
        out.putByte(1);
        out.put(new byte[4], 0, 4);
        for (long field : new long[] {1, 1, 1 << 29, Blocks.START_US, 1, 0, 1, 1 << 30}) {
            out.putVarint(field);
        }
        byte[] bytes = Arrays.copyOf(out.array(), out.size() + 10);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 2);
        crc.update(bytes, 6, bytes.length - 6);
        for (int i = 0; i < 4; i++) {
            bytes[2 + i] = (byte) (crc.getValue() >>> 8 * i);
        }
        assertThat(BlockCodec.read(bytes)).isEqualTo(new Damaged("body of 1073741824 bytes cannot be in so few"));
    }

    @Test
    void aNewerVersionIsToldFromDamage() {
        byte[] bytes = BlockCodec.encode(Blocks.block(3, 5, 1000)).bytes().clone();
        bytes[1] = 3;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 2);
        crc.update(bytes, 6, bytes.length - 6);
        for (int i = 0; i < 4; i++) {
            bytes[2 + i] = (byte) (crc.getValue() >>> 8 * i);
        }
        assertThat(BlockCodec.read(bytes)).isInstanceOfSatisfying(Damaged.class, damage -> {
            assertThat(damage.newer()).isTrue();
            assertThat(damage.reason()).contains("version 3");
        });
    }

    @Test
    void aTimeThatDoesNotFitItsDigitsIsRefused() {
        EventBlock block = Blocks.block(1, 1, 999_999_999_999_999L, 0);
        assertThatThrownBy(() -> BlockCodec.encode(block)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Blocks of quiet nights hold a few events: there the dictionary and a short header have to do it. */
    @Test
    void fewEventsAreSmallToo() {
        Random random = new Random(1);
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            messages.add("{\"did\":\"did:plc:" + Blocks.letters(random, 24) + "\",\"time_us\":" + (Blocks.START_US + i)
                    + ",\"kind\":\"commit\",\"commit\":{\"rev\":\"3m" + Blocks.letters(random, 11)
                    + "\",\"operation\":\"create\",\"collection\":\"app.bsky.feed.like\",\"rkey\":\"3m"
                    + Blocks.letters(random, 11) + "\",\"record\":{\"$type\":\"app.bsky.feed.like\",\"createdAt\":"
                    + "\"2026-07-04T12:34:56.789Z\",\"subject\":{\"cid\":\"bafyrei" + Blocks.letters(random, 52)
                    + "\",\"uri\":\"at://did:plc:" + Blocks.letters(random, 24) + "/app.bsky.feed.post/3m"
                    + Blocks.letters(random, 11) + "\"}},\"cid\":\"bafyrei" + Blocks.letters(random, 52) + "\"}}");
        }
        long[] times = {Blocks.START_US, Blocks.START_US + 1, Blocks.START_US + 2};
        EventBlock block = Blocks.of(
                1_000_000, 20_000_000, times, new byte[3], new int[3], messages, List.of("app.bsky.feed.like"));
        int plain = messages.stream()
                .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        assertThat(BlockCodec.encode(block).bytes().length).isLessThan(plain * 10 / 22);
    }
}
