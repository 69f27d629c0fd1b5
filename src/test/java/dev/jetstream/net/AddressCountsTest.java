package dev.jetstream.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AddressCountsTest {
    private final AddressCounts counts = new AddressCounts(2);

    private AddressCounts.Claim claim(String address) throws Exception {
        return counts.claim(InetAddress.getByName(address));
    }

    @Test
    void an_address_has_so_many_places_and_gets_them_back() throws Exception {
        AddressCounts.Claim first = claim("192.0.2.1");
        assertThat(claim("192.0.2.1")).isNotNull();
        assertThat(claim("192.0.2.1")).isNull();
        assertThat(claim("192.0.2.2")).isNotNull();
        first.release();
        first.release();
        assertThat(claim("192.0.2.1")).isNotNull();
        assertThat(claim("192.0.2.1")).isNull();
    }

    @Test
    void an_ipv6_client_counts_by_its_64() throws Exception {
        assertThat(claim("2001:db8:1:2::1")).isNotNull();
        assertThat(claim("2001:db8:1:2:ffff::2")).isNotNull();
        assertThat(claim("2001:db8:1:2::3")).isNull();
        assertThat(claim("2001:db8:1:3::1")).isNotNull();
    }

    @Test
    void nothing_is_kept_of_addresses_without_connections() throws Exception {
        AddressCounts.Claim one = claim("192.0.2.1");
        AddressCounts.Claim two = claim("2001:db8::1");
        assertThat(counts.addresses()).isEqualTo(2);
        one.release();
        two.release();
        assertThat(counts.addresses()).isZero();
    }

    @Test
    void without_a_bound_nothing_is_counted() throws Exception {
        AddressCounts unbounded = new AddressCounts(0);
        assertThat(unbounded.claim(InetAddress.getByName("192.0.2.1"))).isNotNull();
        assertThat(unbounded.addresses()).isZero();
    }
}
