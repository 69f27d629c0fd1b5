package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayUrlTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "ws://h/p            | 7  | /p?cursor=7",
                "ws://h/p            | -1 | /p",
                "ws://h              | 7  | /?cursor=7",
                "ws://h?a=b          | 7  | /?a=b&cursor=7",
                "ws://h/p?a=b        | -1 | /p?a=b",
                "ws://h/p?a=b&c      | 0  | /p?a=b&c&cursor=0",
                "ws://h/p?cursor=1   | 7  | /p?cursor=7",
                "ws://h/p?cursor=1   | -1 | /p",
                "ws://h/p?a=1&cursor=1&mycursor=2 | 9223372036854775807 | /p?a=1&mycursor=2&cursor=9223372036854775807",
                "ws://h/p?a&         | -1 | /p?a&",
                "ws://h/é?ü          | 7  | /%C3%A9?%C3%BC&cursor=7",
                "ws://h/a%2Fb?x=%20  | 7  | /a%2Fb?x=%20&cursor=7",
            },
            delimiter = '|')
    void the_cursor_joins_the_urls_own_query(String url, long cursor, String target) {
        OptionalLong seq = cursor < 0 ? OptionalLong.empty() : OptionalLong.of(cursor);
        assertThat(RelayUrl.of(URI.create(url)).target(seq)).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "ws://Relay.Example/p, false, relay.example, 80, relay.example, ws://relay.example/p",
        "WSS://relay.example/p?secret=1, true, relay.example, 443, relay.example, wss://relay.example/p",
        "wss://relay.example:443/p, true, relay.example, 443, relay.example, wss://relay.example/p",
        "ws://relay.example:443/p, false, relay.example, 443, relay.example:443, ws://relay.example:443/p",
        "ws://user:pw@h:81/p, false, h, 81, h:81, ws://h:81/p",
        "ws://[::1]:2470/p, false, ::1, 2470, [::1]:2470, ws://[::1]:2470/p",
        "ws://[::1]/p, false, ::1, 80, [::1], ws://[::1]/p",
        "ws://my_relay:2470/p, false, my_relay, 2470, my_relay:2470, ws://my_relay:2470/p",
        "ws://h:/p, false, h, 80, h, ws://h/p",
    })
    void a_url_is_taken_apart(String url, boolean tls, String host, int port, String hostHeader, String name) {
        RelayUrl relay = RelayUrl.of(URI.create(url));
        assertThat(relay.tls()).isEqualTo(tls);
        assertThat(relay.host()).isEqualTo(host);
        assertThat(relay.port()).isEqualTo(port);
        assertThat(relay.hostHeader()).isEqualTo(hostHeader);
        assertThat(relay.name()).isEqualTo(name);
    }

    @Test
    void a_cursor_of_its_own_is_noticed() {
        assertThat(RelayUrl.of(URI.create("ws://h/p?a=1&cursor=2")).ownCursorDropped())
                .isTrue();
        assertThat(RelayUrl.of(URI.create("ws://h/p?a=1&b&")).ownCursorDropped())
                .isFalse();
    }

    @Test
    void the_user_is_kept_apart() {
        assertThat(RelayUrl.of(URI.create("ws://user:pw@h/p")).userInfo()).isEqualTo(Optional.of("user:pw"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h/p", "h/p", "ws:///p", "ws:h", "ws://:80/p", "ws://h:0/p", "ws://h_a:99999/p"})
    void what_is_no_relays_url_is_refused_by_name(String url) {
        assertThatThrownBy(() -> RelayUrl.of(URI.create(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(url);
    }
}
