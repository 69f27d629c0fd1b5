package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65536, 65536",
        "512KiB, 524288",
        "512 KiB, 524288",
        "8MiB, 8388608",
        "10MB, 10000000",
        "1 GiB, 1073741824"
    })
    void readsNumbersWithAndWithoutAUnit(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "5 apples", "KiB", "99999999999999999999999999 GiB"})
    void refusesAllElseAndSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a number of bytes, such as 65536, 512KiB or 8MiB");
    }

    @Property
    void readsWhatItWrites(@ForAll @LongRange(min = 0, max = 1L << 60) long bytes) {
        assertThat(Sizes.parse(Sizes.format(bytes))).isEqualTo(bytes);
    }
}
