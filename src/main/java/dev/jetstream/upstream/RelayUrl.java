package dev.jetstream.upstream;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The parts of a relay's URL.
 *
 * @param tls whether it is {@code wss://}
 * @param host name or address, an IPv6 address without brackets
 * @param hostHeader value of the {@code Host} header: the port only where it is not the scheme's own
 * @param path as written, {@code /} when empty
 * @param query as written, without any {@code cursor}; empty for none
 * @param ownCursorDropped whether the URL as written had one
 * @param userInfo {@code user:password} as written
 * @param name the URL without query and user: what the journal keeps
 */
record RelayUrl(
        boolean tls,
        String host,
        int port,
        String hostHeader,
        String path,
        String query,
        boolean ownCursorDropped,
        Optional<String> userInfo,
        String name) {

    /**
     * Parses a URL. Host names with an underscore, which are common among containers and unknown to {@link URI#getHost}, are
     * valid.
     *
     * @throws IllegalArgumentException when the URL is not {@code ws://} or {@code wss://} with a host
     */
    static RelayUrl of(URI written) {
        URI url = URI.create(written.toASCIIString());
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss") || url.getRawAuthority() == null) {
            throw new IllegalArgumentException(
                    "not a relay's URL: " + url + " (it is ws://HOST[:PORT]/PATH or wss://HOST[:PORT]/PATH)");
        }
        boolean tls = scheme.equals("wss");
        String authority = url.getRawAuthority();
        int at = authority.lastIndexOf('@');
        Optional<String> user = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
        String hostPort = authority.substring(at + 1).toLowerCase(Locale.ROOT);
        int colon = hostPort.lastIndexOf(':');
        boolean hasPort = colon > hostPort.lastIndexOf(']');
        String host = hasPort ? hostPort.substring(0, colon) : hostPort;
        int ownPort = tls ? 443 : 80;
        int port = hasPort && colon + 1 < hostPort.length() ? port(hostPort.substring(colon + 1), url) : ownPort;
        if (host.isEmpty()) {
            throw new IllegalArgumentException("the relay's URL names no host: " + url);
        }
        String hostHeader = port == ownPort ? host : host + ":" + port;
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String asWritten = url.getRawQuery() == null ? "" : url.getRawQuery();
        boolean hasCursor = Arrays.stream(asWritten.split("&")).anyMatch(RelayUrl::isCursor);
        String query = hasCursor ? withoutCursor(asWritten) : asWritten;
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new RelayUrl(
                tls, bare, port, hostHeader, path, query, hasCursor, user, scheme + "://" + hostHeader + path);
    }

    /** The target of the upgrade's request line. */
    String target(OptionalLong cursor) {
        StringBuilder target = new StringBuilder(path);
        String separator = "?";
        if (!query.isEmpty()) {
            target.append(separator).append(query);
            separator = "&";
        }
        if (cursor.isPresent()) {
            target.append(separator).append("cursor=").append(cursor.getAsLong());
        }
        return target.toString();
    }

    /** With two cursors in one query the relay would choose. */
    private static String withoutCursor(String query) {
        return Arrays.stream(query.split("&")).filter(pair -> !isCursor(pair)).collect(Collectors.joining("&"));
    }

    private static boolean isCursor(String pair) {
        return pair.equals("cursor") || pair.startsWith("cursor=");
    }

    private static int port(String text, URI url) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException("the relay's URL has a bad port (1 to 65535): " + url);
    }
}
