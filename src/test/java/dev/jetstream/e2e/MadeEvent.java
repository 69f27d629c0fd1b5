package dev.jetstream.e2e;

import dev.jetstream.relay.SentFrame;
import dev.jetstream.relay.V1Lines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An event that the relay made up, as subscribers get it.
 *
 * @param collection empty where it is no commit
 * @param v1 the message with {@code time_us} 0
 * @param v0 the same in the older shape
 */
record MadeEvent(String did, String collection, String v1, String v0) {
    /** The digits of a real {@code time_us} beyond those of the 0 that stands for it. */
    private static final int TIME_DIGITS = 15;

    static List<MadeEvent> of(SentFrame frame) {
        List<MadeEvent> events = new ArrayList<>();
        for (String line : V1Lines.of(frame)) {
            String collection = frame instanceof SentFrame.Commit commit
                    ? commit.ops().get(events.size()).collection()
                    : "";
            events.add(new MadeEvent(frame.did(), collection, line, v0(line)));
        }
        return events;
    }

    private static String v0(String line) {
        return line.replaceFirst("\"kind\":\"commit\"", "\"type\":\"com\"")
                .replaceFirst("\"kind\":\"identity\"", "\"type\":\"id\"")
                .replaceFirst("\"kind\":\"account\"", "\"type\":\"acc\"")
                .replaceFirst("\"operation\":\"(.)[a-z]+\"", "\"type\":\"$1\"");
    }

    /** Bytes of a message once its time is in it. */
    static int size(String line) {
        return line.getBytes(StandardCharsets.UTF_8).length + TIME_DIGITS;
    }
}
