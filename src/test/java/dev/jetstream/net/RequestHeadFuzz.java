package dev.jetstream.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.jetstream.fuzz.FuzzTarget;
import java.util.List;
import java.util.Random;

/**
 * The bytes of a request. Its head ends at the same place however it is cut, with an empty line; the head for the HTTP server has
 * the same lines but for the query, which is gone; a body is not overlooked.
 */
public final class RequestHeadFuzz implements FuzzTarget {
    @Override
    public String take(byte[] input) {
        int end = Heads.end(input, null);
        if (end != Heads.end(input, new Random(input.length))) {
            throw new AssertionError("ends elsewhere when it comes in pieces");
        }
        if (end < 0) {
            return end == RequestHead.Scanner.GARBAGE ? "garbage" : "not whole";
        }
        RequestHead head = RequestHead.of(input, 0, end);
        String text = new String(input, 0, end, ISO_8859_1);
        if (!text.endsWith("\n\r\n") && !text.endsWith("\n\n")) {
            throw new AssertionError("the head does not end with an empty line");
        }
        String line = text.substring(0, text.indexOf('\n'));
        String rest = new String(head.bytes(), ISO_8859_1);
        if (!rest.endsWith(text.substring(line.length()))) {
            throw new AssertionError("other header fields: " + rest);
        }
        if (head.target().isEmpty()) {
            return "no target";
        }
        boolean isAbsolute = line.matches("(?is)[^ ]* https?://.*");
        String sent = isAbsolute ? line.replaceFirst("(?is) https?://[^/? ]*/?", " /") : line;
        if (!sent.startsWith(head.method() + " " + head.target() + " ")) {
            throw new AssertionError("target " + head.target() + " of " + line);
        }
        String path = rest.substring(head.method().length() + 1, rest.lastIndexOf(' ', rest.indexOf('\n')));
        if (path.contains("?") || !head.target().startsWith(path)) {
            throw new AssertionError("the query is left in " + rest);
        }
        if (!head.hasBody() && text.matches("(?is).*\\n(transfer-encoding:|content-length:[ \\t]*[1-9]).*")) {
            throw new AssertionError("a body that was overlooked: " + text);
        }
        head.all("x-forwarded-for");
        return head.hasBody() ? "body" : GOOD;
    }

    @Override
    public List<byte[]> seeds() {
        return FuzzTarget.texts(
                "GET /subscribe?wantedCollections=app.bsky.feed.post&cursor=1 HTTP/1.1\r\nHost: a:6008\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "HEAD /healthz?a=b HTTP/1.0\r\n\r\n",
                "GET http://host:6008/subscribe?cursor=1 HTTP/1.1\r\nHost: host:6008\r\n\r\n",
                "GET HTTPS://host?a HTTP/1.1\r\nHost: host\r\n\r\n",
                "GET /x?a[]=1&x=a|b&y=%zz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nX-Forwarded-For: 192.0.2.1, ::1\r\n\r\n");
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.texts(
                "\r",
                "\n",
                "\r\n",
                "\r\n\r\n",
                " ",
                "?",
                "HTTP/1.1",
                "Content-Length: 7\r\n",
                "content-length:0\r\n",
                "Transfer-Encoding: chunked\r\n",
                "TRANSFER-ENCODING:x\r\n",
                "X-Forwarded-For: 1.2.3.4\r\n",
                "\u0000",
                "\u007f");
    }
}
