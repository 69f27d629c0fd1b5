package dev.jetstream.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.jetstream.decode.DecodedFrames;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventKindTest {
    /** A further kind makes another entry here, and changes none. */
    @Test
    void theNumbersAreThoseOfTheJournalsThatExist() {
        assertThat(Arrays.stream(EventKind.values())
                        .collect(Collectors.toMap(EventKind::number, kind -> kind.v1Name() + " " + kind.v0Name())))
                .containsOnly(entry(0, "commit com"), entry(1, "identity id"), entry(2, "account acc"));
    }

    @ParameterizedTest
    @EnumSource
    void aNumberTellsItsKind(EventKind kind) {
        assertThat(EventKind.of(kind.number())).isEqualTo(kind);
        assertThat(kind.number()).isBetween(0, EventKind.lastNumber());
        assertThat(DecodedFrames.TYPES.get(kind.number())).isEqualTo(kind.v1Name());
    }

    @Test
    void errorsAreTheLastType() {
        assertThat(DecodedFrames.TYPES).hasSize(EventKind.values().length + 1).endsWith("error");
    }

    /** A block in v0 is made in an array of its length in v1. */
    @ParameterizedTest
    @EnumSource
    void v0sNameIsNotTheLongerOne(EventKind kind) {
        assertThat(kind.v0Name()).hasSizeLessThanOrEqualTo(kind.v1Name().length());
    }
}
