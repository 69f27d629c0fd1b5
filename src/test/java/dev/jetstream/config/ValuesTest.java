package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
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
    void readsDurationsOfGoAndHocon(String text, Duration expected) {
        assertThat(Values.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "1x", "s", "1h30", "1h 30", "1,5s", "1e3s", "forever", "1h-30m"})
    void refusesOtherDurationsAndSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Values.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a length of time with a unit, such as 500ms, 15s or 1h30m");
    }

    @Property
    void readsTheDurationsThatItWrites(@ForAll @LongRange(min = 0) long nanos) {
        Duration duration = Duration.ofNanos(nanos);
        assertThat(Values.duration(Values.format(duration))).isEqualTo(duration);
    }

    @Test
    void writesTheShortestDuration() {
        assertThat(Values.format(Duration.ofMinutes(90))).isEqualTo("1h30m");
        assertThat(Values.format(Duration.ofMillis(5))).isEqualTo("5ms");
        assertThat(Values.format(Duration.ZERO)).isEqualTo("0s");
    }

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
    void readsSizesWithAndWithoutAUnit(String text, long bytes) {
        assertThat(Values.size(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "5 apples", "KiB", "99999999999999999999999999 GiB"})
    void refusesOtherSizesAndSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Values.size(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a number of bytes, such as 65536, 512KiB or 8MiB");
    }

    @Property
    void readsTheSizesThatItWrites(@ForAll @LongRange(min = 0, max = 1L << 60) long bytes) {
        assertThat(Values.size(Values.formatSize(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {":6008", "*:6008", "0.0.0.0:6008", "[::]:6008"})
    void aPortAloneMeansAllInterfaces(String text) {
        InetSocketAddress address = Values.address(text);
        assertThat(address.getPort()).isEqualTo(6008);
        assertThat(address.getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void readsHostsAndBothKindsOfLiteral() {
        assertThat(Values.address("127.0.0.1:0")).isEqualTo(new InetSocketAddress("127.0.0.1", 0));
        assertThat(Values.address("[::1]:6008")).isEqualTo(new InetSocketAddress("::1", 6008));
        assertThat(Values.address("localhost:65535").getAddress().isLoopbackAddress())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "6008",
                ":",
                "host:",
                ":65536",
                ":99999999999",
                ":-1",
                "::1:6008",
                "[::1]",
                "http://x:1",
                "a:b:1"
            })
    void refusesOtherAddressesAndSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Values.address(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be HOST:PORT, [IPV6]:PORT, or :PORT for all interfaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[nonsense]:1", "bad_host_name!:6008"})
    void refusesAHostThatDoesNotResolve(String text) {
        assertThatThrownBy(() -> Values.address(text)).hasMessageStartingWith("must name a host that this machine");
    }
}
