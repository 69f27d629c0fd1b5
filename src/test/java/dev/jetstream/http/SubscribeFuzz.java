package dev.jetstream.http;

import dev.jetstream.config.Cidr;
import dev.jetstream.event.Filter;
import dev.jetstream.fuzz.FuzzTarget;
import dev.jetstream.net.Heads;
import dev.jetstream.net.RequestHead;
import dev.jetstream.stream.EventStream;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.Subscription;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A request for {@code /subscribe}, head and all. It gives a sentence, or a request whose filter holds only what it may; and
 * the same filter comes back when it is written out as a query and read again. A client is never taken for one of the proxies.
 */
public final class SubscribeFuzz implements FuzzTarget {
    private static final long NOW_US = 1_780_000_000_000_000L;
    private static final String SEGMENT = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";

    private final V1Stream stream;
    private final InetAddress proxy;
    private final ClientAddress addresses;

    public SubscribeFuzz() {
        try {
            stream = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1);
            proxy = InetAddress.getByName("10.0.0.1");
            addresses = new ClientAddress(List.of(Cidr.parse("10.0.0.0/8")));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String take(byte[] input) {
        Optional<RequestHead> head = Heads.read(input);
        if (head.isEmpty()) {
            return "no head";
        }
        RequestHead request = head.get();
        Optional<InetAddress> client = addresses.behind(proxy, request);
        if (client.isPresent() && addresses.isProxy(client.get())) {
            throw new AssertionError("a proxy as the client: " + client.get());
        }
        EventStream.Answer answer = read(request);
        if (answer instanceof EventStream.Refusal bad) {
            String text = bad.text();
            if (!text.matches("(?s)(invalid |compress needs |requireHello needs ).+")) {
                throw new AssertionError("no sentence: " + text);
            }
            return text.replaceFirst("(?s)[:(].*", "");
        }
        Filter filter = ((Subscription) answer).filter();
        check(filter);
        if (!filter.equals(again(filter))) {
            throw new AssertionError("another filter when it is read again: " + filter);
        }
        return GOOD;
    }

    private static void check(Filter filter) {
        boolean fits = filter.collections().size() <= 100
                && filter.dids().size() <= 10_000
                && filter.maxMessageBytes() >= 0
                && filter.maxMessageBytes() <= 0xFFFF_FFFFL
                && filter.collections().stream().allMatch(SubscribeFuzz::isCollection)
                && filter.dids().stream().allMatch(did -> did.startsWith("did:") && did.length() <= 2048);
        if (!fits) {
            throw new AssertionError("may not be asked for: " + filter.collections() + " " + filter.dids());
        }
    }

    private static boolean isCollection(String text) {
        boolean isPrefix = text.endsWith(".*");
        String[] segments = (isPrefix ? text.substring(0, text.length() - 2) : text).split("\\.", -1);
        for (String segment : segments) {
            if (!segment.matches(SEGMENT)) {
                return false;
            }
        }
        return isPrefix || segments.length >= 3;
    }

    private EventStream.Answer read(RequestHead head) {
        boolean asksForWebSocket = StreamRoute.isHandshake(head);
        return stream.read(new EventStream.Request(head.target(), head::all, asksForWebSocket), NOW_US);
    }

    private Filter again(Filter filter) {
        StringBuilder target = new StringBuilder("/subscribe?maxMessageSizeBytes=" + filter.maxMessageBytes());
        filter.collections()
                .forEach(text -> target.append("&wantedCollections=").append(encoded(text)));
        filter.dids().forEach(text -> target.append("&wantedDids=").append(encoded(text)));
        RequestHead request = new RequestHead("GET", target.toString(), new byte[0], false);
        EventStream.Answer answer = read(request);
        return ((Subscription) answer).filter();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public List<byte[]> seeds() {
        String end = " HTTP/1.1\r\nHost: a:6008\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\n";
        return FuzzTarget.texts(
                "GET /subscribe" + end,
                "GET /subscribe?wantedCollections=app.bsky.feed.post&wantedCollections=app.bsky.graph.*&cursor=1725519626134432"
                        + end,
                "GET /subscribe?wantedDids=did:plc:ewvi7nxzyoun6zhxrhs64oiz&wantedDids=did%3Aweb%3Aexample.com&maxMessageSizeBytes=1000000"
                        + end,
                "GET /subscribe?compress=true&requireHello=true&format=v0&x=%zz&a[]=1" + end,
                "GET /subscribe?cursor=-5 HTTP/1.1\r\nAccept: text/event-stream;q=0.5, application/x-ndjson\r\n"
                        + "Last-Event-ID: 1725519626134432\r\nX-Forwarded-For: 192.0.2.1, [2001:db8::1]:80, 10.1.2.3\r\n\r\n");
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.texts(
                "wantedCollections=",
                "wantedDids=",
                "&",
                "=",
                "cursor=",
                "compress=true",
                "requireHello=true",
                "format=v0",
                "maxMessageSizeBytes=",
                "%",
                "%zz",
                "%00",
                "%c3%28",
                "+",
                ";",
                "app.bsky.*",
                ".*",
                "did:plc:",
                "did:web:a%25b",
                "9223372036854775808",
                "18446744073709551616",
                "-1",
                "Accept: text/event-stream\r\n",
                "Last-Event-ID: x\r\n",
                "Socket-Encoding: zstd\r\n",
                "X-Forwarded-For: ",
                "1.2.3.4:80",
                "10.0.0.2",
                "[::1]",
                "fe80::1%eth0",
                "::ffff:1.2.3.4",
                ",",
                "q=0.001",
                "Upgrade: websocket\r\n");
    }
}
