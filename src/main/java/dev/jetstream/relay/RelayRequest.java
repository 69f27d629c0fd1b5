package dev.jetstream.relay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** A client's HTTP/1.1 request: a subscription, or one that a plain text answers. */
sealed interface RelayRequest {
    int MAX_HEAD_BYTES = 64 * 1024;

    /** A valid subscription with the websocket handshake's key. */
    record Subscribe(OptionalLong cursor, String key) implements RelayRequest {}

    /** Any other request. */
    record Answer(int status, String text) implements RelayRequest {
        /** A complete response of ASCII text that ends the connection. */
        byte[] toBytes() {
            String body = text + "\n";
            String head = "HTTP/1.1 " + status + " " + (status == 200 ? "OK" : "Refused")
                    + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                    + "\r\nConnection: close\r\n\r\n";
            return (head + body).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Reads a request's head up to the empty line and nothing after it. */
    static RelayRequest read(InputStream in, long deadlineNanos) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = in.read();
            if (next < 0 || head.length() == MAX_HEAD_BYTES || System.nanoTime() > deadlineNanos) {
                return new Answer(400, "not an HTTP request");
            }
            head.append((char) next);
        }
        String[] lines = head.toString().split("\r\n");
        String[] line = lines[0].split(" ");
        if (line.length != 3 || !line[2].startsWith("HTTP/1.")) {
            return new Answer(400, "not an HTTP request");
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                return new Answer(400, "not an HTTP request");
            }
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).trim());
        }
        return of(line[0], line[1], headers);
    }

    private static RelayRequest of(String method, String target, Map<String, String> headers) {
        if (!method.equals("GET")) {
            return new Answer(405, "only GET is served here");
        }
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        return switch (path) {
            case "/", "/xrpc/_health" -> new Answer(200, "A relay for tests: subscribe at " + RelayServer.PATH);
            case RelayServer.PATH -> subscription(mark < 0 ? "" : target.substring(mark + 1), headers);
            default -> new Answer(404, "nothing here but " + RelayServer.PATH);
        };
    }

    private static RelayRequest subscription(String query, Map<String, String> headers) {
        OptionalLong cursor = OptionalLong.empty();
        for (String pair : query.split("&")) {
            if (cursor.isEmpty() && pair.startsWith("cursor=")) {
                String seq = pair.substring("cursor=".length());
                if (!seq.matches("[0-9]{1,18}")) {
                    return new Answer(400, "invalid cursor: a seq is a whole number from 0 on");
                }
                cursor = OptionalLong.of(Long.parseLong(seq));
            }
        }
        String key = headers.get("sec-websocket-key");
        boolean websocket = has(headers, "upgrade", "websocket")
                && has(headers, "connection", "upgrade")
                && has(headers, "sec-websocket-version", "13")
                && key != null;
        return websocket ? new Subscribe(cursor, key) : new Answer(426, "this is a websocket endpoint");
    }

    private static boolean has(Map<String, String> headers, String header, String token) {
        for (String value : headers.getOrDefault(header, "").split(",")) {
            if (value.trim().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }
}
