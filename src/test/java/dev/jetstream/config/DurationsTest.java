package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "24h, PT24H",
        "1h30m, PT1H30M",
        "15s, PT15S",
        "500ms, PT0.5S",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "2h45m30.5s, PT2H45M30.5S",
        "100us, PT0.0001S",
        "100µs, PT0.0001S",
        "7ns, PT0.000000007S",
        "0, PT0S",
        "0s, PT0S",
        "3d, PT72H",
        "5 ms, PT0.005S",
        "15 seconds, PT15S",
        "1 minute, PT1M",
        "24 hours, PT24H",
        "100 millis, PT0.1S",
        "1 day, PT24H",
        "-1h30m, PT-1H-30M",
        "9999999999h, PT2562047H47M16.854775807S",
    })
    void readsGosWayAndHoconsWay(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "1x", "s", "1h30", "1h 30", "1,5s", "1e3s", "forever", "1h-30m"})
    void refusesAllElseAndSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a length of time with a unit, such as 500ms, 15s or 1h30m");
    }

    @Property
    void readsWhatItWrites(@ForAll @LongRange(min = 0) long nanos) {
        Duration duration = Duration.ofNanos(nanos);
        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }

    @Test
    void writesTheShortestForm() {
        assertThat(Durations.format(Duration.ofMinutes(90))).isEqualTo("1h30m");
        assertThat(Durations.format(Duration.ofMillis(5))).isEqualTo("5ms");
        assertThat(Durations.format(Duration.ZERO)).isEqualTo("0s");
    }
}
