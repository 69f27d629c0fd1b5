package dev.jetstream.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A block of IP addresses, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
 *
 * @param network any address in the block
 * @param prefixLength number of leading bits that all addresses share: 0 to 32, or to 128 for IPv6
 */
public record Cidr(InetAddress network, int prefixLength) {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    /** @throws IllegalArgumentException if the prefix is longer than the address */
    public Cidr {
        if (prefixLength < 0 || prefixLength > network.getAddress().length * Byte.SIZE) {
            throw refused();
        }
    }

    /**
     * Parses {@code ADDRESS} or {@code ADDRESS/BITS}. Names are not resolved.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = (slash < 0 ? text : text.substring(0, slash)).strip();
        if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
            throw refused();
        }
        try {
            InetAddress network = InetAddress.getByName(address);
            String bits = slash < 0 ? "" : text.substring(slash + 1).strip();
            return new Cidr(network, slash < 0 ? network.getAddress().length * Byte.SIZE : Integer.parseInt(bits));
        } catch (UnknownHostException | NumberFormatException e) {
            throw refused();
        }
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("must be IP addresses or blocks of them, such as 10.0.0.0/8 or ::1");
    }

    /** Whether the block contains the address, which must be of the same IP version. */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefixLength;
    }
}
