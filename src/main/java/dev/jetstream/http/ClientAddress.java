package dev.jetstream.http;

import dev.jetstream.config.Cidr;
import dev.jetstream.net.RequestHead;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The client's address behind trusted proxies: the last one in {@code X-Forwarded-For} that is not a proxy's. */
final class ClientAddress {
    private final List<Cidr> proxies;

    /** @param proxies peers whose header is trusted */
    ClientAddress(List<Cidr> proxies) {
        this.proxies = List.copyOf(proxies);
    }

    /** Whether this peer is a trusted proxy. */
    boolean isProxy(InetAddress peer) {
        return proxies.stream().anyMatch(block -> block.contains(peer));
    }

    /**
     * The client that a proxy names.
     *
     * @return empty when the peer is not a proxy, or names no address
     */
    Optional<InetAddress> behind(InetAddress peer, RequestHead head) {
        if (!isProxy(peer)) {
            return Optional.empty();
        }
        String[] hops = String.join(",", head.all("x-forwarded-for")).split(",");
        for (int i = hops.length - 1; i >= 0; i--) {
            Optional<InetAddress> hop = literal(hops[i].strip());
            if (hop.isEmpty() || !isProxy(hop.get())) {
                return hop;
            }
        }
        return Optional.empty();
    }

    /** An address as proxies write it: {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1}, {@code [2001:db8::1]:80}. */
    private static Optional<InetAddress> literal(String text) {
        String address = text;
        int colon = text.indexOf(':');
        if (text.startsWith("[") && text.indexOf(']') > 0) {
            address = text.substring(1, text.indexOf(']'));
        } else if (colon > 0 && colon == text.lastIndexOf(':')) {
            address = text.substring(0, colon);
        }
        try {
            return address.indexOf('/') >= 0
                    ? Optional.empty()
                    : Optional.of(Cidr.parse(address).network());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
