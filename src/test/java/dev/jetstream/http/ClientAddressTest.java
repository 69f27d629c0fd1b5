package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.config.Cidr;
import dev.jetstream.net.RequestHead;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    private final ClientAddress clients = new ClientAddress(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1")));

    @ParameterizedTest
    @CsvSource({
        "192.0.2.9, 198.51.100.1, ''",
        "10.1.1.1, 198.51.100.1, 198.51.100.1",
        "10.1.1.1, '6.6.6.6, 198.51.100.1', 198.51.100.1",
        "10.1.1.1, '6.6.6.6, 198.51.100.1, 10.2.2.2', 198.51.100.1",
        "10.1.1.1, '10.3.3.3, 10.2.2.2', ''",
        "10.1.1.1, '6.6.6.6, unknown', ''",
        "10.1.1.1, '6.6.6.6, host.example', ''",
        "10.1.1.1, '6.6.6.6, 0.0.0.0/0', ''",
        "10.1.1.1, '', ''",
        "10.1.1.1, 198.51.100.1:5432, 198.51.100.1",
        "::1, '[2001:db8::5]:80', 2001:db8:0:0:0:0:0:5",
        "::1, 2001:db8::5, 2001:db8:0:0:0:0:0:5",
    })
    void the_last_hop_that_is_no_proxy_is_the_client(String peer, String forwarded, String client) throws Exception {
        byte[] head =
                ("GET / HTTP/1.1\r\nX-Forwarded-For: " + forwarded + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        RequestHead headers = new RequestHead("GET", "/", head, false);
        String found = clients.behind(InetAddress.getByName(peer), headers)
                .map(InetAddress::getHostAddress)
                .orElse("");
        assertThat(found).isEqualTo(client);
    }
}
