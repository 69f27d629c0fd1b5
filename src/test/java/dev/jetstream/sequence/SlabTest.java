package dev.jetstream.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlabTest {
    private static final int SIZE = 1024;

    private final Slab slab = new Slab(SIZE);

    @Test
    void neighboursShareAnArray() {
        Slab.Room first = slab.take(100, false);
        Slab.Room second = slab.take(100, false);

        assertThat(second.array()).isSameAs(first.array());
        assertThat(second.from()).isEqualTo(100);
    }

    @Test
    void aBlockThatMustBeAloneHasAnArrayOfItsSize() {
        slab.take(100, false);

        Slab.Room alone = slab.take(100, true);

        assertThat(alone.array()).hasSize(100);
        assertThat(alone.from()).isZero();
    }

    @Test
    void aBlockThatIsMostOfAnArrayDoesNotWasteTheRestOfIt() {
        assertThat(slab.take(SIZE - 100, false).array()).hasSize(SIZE - 100);
    }

    @Property
    void noTwoRoomsOverlapAndAllAreInside(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 2 * SIZE) Integer> wanted) {
        Slab mine = new Slab(SIZE);
        List<Slab.Room> rooms = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Slab.Room room = mine.take(wanted.get(i), false);
            assertThat(room.from() + wanted.get(i)).isLessThanOrEqualTo(room.array().length);
            for (int j = 0; j < i; j++) {
                Slab.Room other = rooms.get(j);
                boolean apart = other.array() != room.array()
                        || other.from() + wanted.get(j) <= room.from()
                        || room.from() + wanted.get(i) <= other.from();
                assertThat(apart).isTrue();
            }
            rooms.add(room);
        }
    }
}
