package dev.jetstream.relay;

import java.util.OptionalLong;

/** What a relay makes of a request. Pure. */
sealed interface RelayRequest {
    /** A subscription to accept. */
    record Subscribe(OptionalLong cursor, String key) implements RelayRequest {}

    /** A text to answer with. */
    record Answer(int status, String text) implements RelayRequest {}

    static RelayRequest of(HttpHead head) {
        if (!head.method().equals("GET")) {
            return new Answer(405, "only GET is served here");
        }
        return switch (head.path()) {
            case "/", "/xrpc/_health" -> new Answer(200, "A relay for tests: subscribe at " + RelayServer.PATH);
            case RelayServer.PATH -> subscription(head);
            default -> new Answer(404, "nothing here but " + RelayServer.PATH);
        };
    }

    private static RelayRequest subscription(HttpHead head) {
        String cursor = head.parameter("cursor");
        if (cursor != null && !cursor.matches("[0-9]{1,18}")) {
            return new Answer(400, "invalid cursor: a seq is a whole number from 0 on");
        }
        if (!head.asksForWebsocket()) {
            return new Answer(426, "this is a websocket endpoint");
        }
        OptionalLong seq = cursor == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(cursor));
        return new Subscribe(seq, head.headers().get("sec-websocket-key"));
    }
}
