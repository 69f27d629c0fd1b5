package dev.jetstream.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses to listen on: {@code HOST:PORT}, {@code [IPV6]:PORT}, or {@code :PORT} for all interfaces, as Go writes them. */
final class Addresses {
    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\]]+)\\]|([^\\[\\]:]*)):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    private Addresses() {}

    /** @throws IllegalArgumentException saying what is allowed, if the text is no address or its host is unknown */
    static InetSocketAddress parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches() || Integer.parseInt(form.group(3)) > MAX_PORT) {
            throw new IllegalArgumentException(
                    "must be HOST:PORT, [IPV6]:PORT, or :PORT for all interfaces, with a port from 0 (any free one) to "
                            + MAX_PORT);
        }
        int port = Integer.parseInt(form.group(3));
        String host = form.group(1) != null ? "[" + form.group(1) + "]" : form.group(2);
        if (host.isEmpty() || host.equals("*")) {
            return new InetSocketAddress(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("must name a host that this machine can resolve, or none: \":" + port
                    + "\" listens on all interfaces");
        }
    }
}
