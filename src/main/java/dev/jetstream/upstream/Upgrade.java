package dev.jetstream.upstream;

import dev.jetstream.common.Text;
import dev.jetstream.upstream.UpstreamMetrics.End;
import dev.jetstream.websocket.Handshake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The websocket's opening handshake, from the client's side (RFC 6455, section 4.1). */
final class Upgrade {
    static final int MAX_HEAD_BYTES = 16 * 1024;

    /** Represents numbers of seconds with ten and more digits. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofDays(365);

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)(?: .*)?");
    private static final byte[] PROTOCOL = "HTTP/1.".getBytes(StandardCharsets.ISO_8859_1);

    private final String request;
    private final String accept;

    /**
     * @param key 16 random bytes, in base64
     * @param authorization value of that header; empty for none
     */
    Upgrade(RelayUrl url, OptionalLong cursor, String userAgent, String key, String authorization) {
        request = "GET " + url.target(cursor) + " HTTP/1.1\r\n"
                + "Host: " + url.hostHeader() + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key: " + key + "\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "User-Agent: " + userAgent + "\r\n"
                + (authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n")
                + "\r\n";
        accept = Handshake.accept(key);
    }

    /**
     * Requests the upgrade and waits for the answer.
     *
     * @return the bytes after the answer's head: the start of the first frames
     * @throws ConnectionEnd when the answer is anything but an upgrade
     */
    ByteBuffer perform(Transport relay) throws IOException {
        relay.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
        ByteBuffer in = ByteBuffer.allocate(MAX_HEAD_BYTES);
        int searched = 0;
        while (true) {
            if (relay.read(in) < 0) {
                throw new ConnectionEnd(
                        End.DROPPED, "the relay closed the connection instead of answering the upgrade");
            }
            checkProtocol(in);
            int end = endOfHead(in, searched);
            if (end >= 0) {
                String body = text(in, end, in.position());
                check(text(in, 0, end), body);
                return in.flip().position(end);
            }
            if (!in.hasRemaining()) {
                throw new ConnectionEnd(
                        End.BAD_ANSWER, "the head of the upgrade's answer is longer than " + MAX_HEAD_BYTES + " bytes");
            }
            searched = Math.max(0, in.position() - 3);
        }
    }

    private static void checkProtocol(ByteBuffer in) throws ConnectionEnd {
        for (int i = 0; i < PROTOCOL.length && i < in.position(); i++) {
            if (in.get(i) != PROTOCOL[i]) {
                throw new ConnectionEnd(
                        End.BAD_ANSWER,
                        "the upgrade was not answered in HTTP: " + Text.cut(text(in, 0, in.position())));
            }
        }
    }

    private static int endOfHead(ByteBuffer in, int from) {
        for (int i = from; i + 4 <= in.position(); i++) {
            if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static String text(ByteBuffer in, int from, int to) {
        return new String(in.array(), from, to - from, StandardCharsets.ISO_8859_1);
    }

    private void check(String head, String body) throws ConnectionEnd {
        String[] lines = head.split("\r\n");
        Matcher status = STATUS_LINE.matcher(lines[0]);
        if (!status.matches()) {
            throw new ConnectionEnd(
                    End.BAD_ANSWER, "the upgrade's answer has a bad status line: " + Text.cut(lines[0]));
        }
        Map<String, String> headers = headers(lines);
        if (!status.group(1).equals("101")) {
            throw refused(lines[0], headers, body);
        }
        require(hasToken(headers, "upgrade", "websocket"), "lacks 'Upgrade: websocket'");
        require(hasToken(headers, "connection", "upgrade"), "lacks 'Connection: Upgrade'");
        require(
                accept.equals(headers.get("sec-websocket-accept")),
                "has a Sec-WebSocket-Accept that does not fit the key: the other side does not speak websocket");
        require(!headers.containsKey("sec-websocket-extensions"), "names an extension that was not asked for");
        require(!headers.containsKey("sec-websocket-protocol"), "names a subprotocol that was not asked for");
    }

    private static void require(boolean ok, String otherwise) throws ConnectionEnd {
        if (!ok) {
            throw new ConnectionEnd(End.BAD_ANSWER, "the upgrade's answer " + otherwise);
        }
    }

    private static ConnectionEnd refused(String statusLine, Map<String, String> headers, String body) {
        String location = headers.containsKey("location") ? " location=" + headers.get("location") : "";
        String said = body.isBlank() ? "" : ": " + body;
        return new ConnectionEnd(
                End.REFUSED,
                Text.cut("the relay refused the upgrade: " + statusLine + location + said),
                retryAfter(headers.get("retry-after")));
    }

    /** {@code Retry-After} in seconds or as a date (RFC 9110, section 10.2.3); zero when absent or malformed. */
    private static Duration retryAfter(String value) {
        if (value == null) {
            return Duration.ZERO;
        }
        if (value.matches("\\d+")) {
            return value.length() < 10 ? Duration.ofSeconds(Long.parseLong(value)) : MAX_RETRY_AFTER;
        }
        try {
            ZonedDateTime until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(ZonedDateTime.now(until.getZone()), until);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    private static Map<String, String> headers(String[] lines) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
                headers.merge(name, lines[i].substring(colon + 1).strip(), (a, b) -> a + ", " + b);
            }
        }
        return headers;
    }

    private static boolean hasToken(Map<String, String> headers, String name, String token) {
        for (String part : headers.getOrDefault(name, "").split(",")) {
            if (part.strip().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }
}
