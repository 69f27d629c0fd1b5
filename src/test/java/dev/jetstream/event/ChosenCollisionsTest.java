package dev.jetstream.event;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** DIDs chosen so that tables with a known hash collide. */
class ChosenCollisionsTest {
    private static final int FILTER_DIDS = 10_000;

    /** A hash that a client can compute: the one that the set of DIDs once had. */
    private static long unseeded(byte[] did) {
        ByteBuffer bytes = ByteBuffer.wrap(did).order(ByteOrder.LITTLE_ENDIAN);
        long hash = did.length * 0x9E3779B97F4A7C15L;
        while (bytes.remaining() >= 8) {
            hash = mix(hash ^ bytes.getLong());
        }
        long rest = 0;
        while (bytes.hasRemaining()) {
            rest = rest << 8 | bytes.get() & 0xFF;
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }

    @Test
    void didsOfOneSlotAreSpread() {
        List<String> dids = new ArrayList<>();
        for (int i = 0; dids.size() < 500; i++) {
            String did = "did:web:" + i;
            if ((unseeded(did.getBytes(US_ASCII)) & 2047) == 7) {
                dids.add(did);
            }
        }
        assertThat(TextSet.of(dids).maxDisplacement()).isLessThan(100);
    }

    @Test
    void didsOfOneStringHashCostAFilterLittleMoreThanOthers() {
        Set<String> colliding = dids(i -> String.format("%14s", Integer.toBinaryString(i))
                .replace(' ', '0')
                .replace("0", "Aa")
                .replace("1", "BB"));
        assertThat(colliding.stream().mapToInt(String::hashCode).distinct().count())
                .isEqualTo(1);
        Set<String> ordinary = dids(i -> String.format("%028d", i * 7919));
        long ordinaryNanos = nanosToBuild(ordinary);
        assertThat(nanosToBuild(colliding)).isLessThan(20 * ordinaryNanos);
    }

    /** What a block's records refer to is found by texts that their authors choose. */
    @Test
    void referencesOfOneSlotCostABlockLittleMoreThanOthers() {
        List<byte[]> colliding = new ArrayList<>();
        List<byte[]> ordinary = new ArrayList<>();
        for (int i = 0; colliding.size() < 2_000; i++) {
            byte[] did = ("did:web:" + i).getBytes(US_ASCII);
            if ((unseeded(did) & 1023) == 7) {
                colliding.add(did);
                ordinary.add(("did:web:" + i * 7919L).getBytes(US_ASCII));
            }
        }
        long ordinaryNanos = nanosToIndex(ordinary);
        assertThat(nanosToIndex(colliding)).isLessThan(20 * ordinaryNanos);
    }

    /** The fastest of several. */
    private static long nanosToIndex(List<byte[]> texts) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 30; i++) {
            long before = System.nanoTime();
            TextIndex index = new TextIndex();
            texts.forEach(text -> index.add(text, 0, text.length, 0));
            assertThat(index.size()).isEqualTo(texts.size());
            best = Math.min(best, System.nanoTime() - before);
        }
        return best;
    }

    private static Set<String> dids(IntFunction<String> name) {
        return IntStream.range(0, FILTER_DIDS)
                .mapToObj(i -> "did:web:" + name.apply(i))
                .collect(Collectors.toSet());
    }

    /** The fastest of several. */
    private static long nanosToBuild(Set<String> dids) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 15; i++) {
            long before = System.nanoTime();
            Filter filter = new Filter(Set.of(), dids, 0);
            assertThat(filter.dids()).hasSize(FILTER_DIDS);
            best = Math.min(best, System.nanoTime() - before);
        }
        return best;
    }
}
