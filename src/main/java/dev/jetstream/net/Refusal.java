package dev.jetstream.net;

import java.nio.charset.StandardCharsets;

/** Why a connection or a request is turned away, with the response that says so. */
public enum Refusal {
    /** Not HTTP. */
    GARBAGE(
            "400 Bad Request",
            "malformed request: plain HTTP/1.1 and websocket are served here, no TLS; a space in the target must be sent as %20"),
    /** A version other than 1.x. */
    VERSION("505 HTTP Version Not Supported", "HTTP/1.1 and HTTP/1.0 are served here"),
    BODY("413 Content Too Large", "no request here carries a body"),
    /** A body, and a method that is not answered. */
    METHOD("405 Method Not Allowed", "only GET and HEAD are answered here", "Allow: GET, HEAD\r\n"),
    SLOW_HEAD("408 Request Timeout", "the request's head was not whole in time"),
    BIG_HEAD("431 Request Header Fields Too Large", "the request's head is too large"),
    BUSY_ADDRESS("429 Too Many Requests", "too many connections from your address; close some first"),
    BUSY("503 Service Unavailable", "too many connections; try again later", "Retry-After: 10\r\n"),
    /** Unfinished heads of all connections take too much memory. */
    BUSY_HEADS("503 Service Unavailable", "too many large requests at once; try again later", "Retry-After: 10\r\n"),
    UPGRADE_RATE(
            "503 Service Unavailable", "too many new streams at once; try again in a second", "Retry-After: 1\r\n");

    private final byte[] answer;

    Refusal(String status, String sentence) {
        this(status, sentence, "");
    }

    Refusal(String status, String sentence, String headers) {
        String body = sentence + "\n";
        answer = ("HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: "
                        + body.length() + "\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n" + headers
                        + "\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The whole response. */
    byte[] answer() {
        return answer.clone();
    }
}
