package dev.jetstream.relay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The head of an HTTP/1.1 request: what a relay needs of it. Header names are in lower case. */
record HttpHead(String method, String path, String query, Map<String, String> headers) {
    private static final int MAX_BYTES = 64 * 1024;

    /**
     * Reads up to the empty line, and nothing behind it.
     *
     * @return null where the stream ends first or what it holds is no HTTP request of at most 64 KiB
     */
    static HttpHead read(InputStream in, long deadlineNanos) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = in.read();
            if (next < 0 || head.length() == MAX_BYTES || System.nanoTime() > deadlineNanos) {
                return null;
            }
            head.append((char) next);
        }
        return parse(head.toString());
    }

    private static HttpHead parse(String text) {
        String[] lines = text.split("\r\n");
        String[] request = lines[0].split(" ");
        if (request.length != 3 || !request[2].startsWith("HTTP/1.")) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                return null;
            }
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            headers.put(name, lines[i].substring(colon + 1).trim());
        }
        int mark = request[1].indexOf('?');
        String path = mark < 0 ? request[1] : request[1].substring(0, mark);
        return new HttpHead(request[0], path, mark < 0 ? "" : request[1].substring(mark + 1), headers);
    }

    /** The first query parameter of this name as it was sent, or null. */
    String parameter(String name) {
        for (String pair : query.split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return null;
    }

    /** Whether this asks for a websocket (RFC 6455, section 4.2.1). */
    boolean asksForWebsocket() {
        return has("upgrade", "websocket")
                && has("connection", "upgrade")
                && has("sec-websocket-version", "13")
                && headers.containsKey("sec-websocket-key");
    }

    private boolean has(String header, String token) {
        for (String value : headers.getOrDefault(header, "").split(",")) {
            if (value.trim().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    /** A whole answer of plain ASCII text that ends the connection. */
    static byte[] answer(int status, String text) {
        String body = text + "\n";
        String head = "HTTP/1.1 " + status + " " + reason(status) + "\r\nContent-Type: text/plain\r\n"
                + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Refused";
        };
    }
}
