package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {":6008", "*:6008", "0.0.0.0:6008", "[::]:6008"})
    void aPortAloneMeansAllInterfaces(String text) {
        InetSocketAddress address = Addresses.parse(text);
        assertThat(address.getPort()).isEqualTo(6008);
        assertThat(address.getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void readsHostsAndBothKindsOfLiteral() {
        assertThat(Addresses.parse("127.0.0.1:0")).isEqualTo(new InetSocketAddress("127.0.0.1", 0));
        assertThat(Addresses.parse("[::1]:6008")).isEqualTo(new InetSocketAddress("::1", 6008));
        assertThat(Addresses.parse("localhost:65535").getAddress().isLoopbackAddress())
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
    void refusesAllElseAndSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Addresses.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be HOST:PORT, [IPV6]:PORT, or :PORT for all interfaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[nonsense]:1", "bad_host_name!:6008"})
    void refusesAHostThatDoesNotResolve(String text) {
        assertThatThrownBy(() -> Addresses.parse(text)).hasMessageStartingWith("must name a host that this machine");
    }
}
