package dev.jetstream.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the server replays from a time on, asked by another client: what a page must have shown. */
final class Replayed {
    private Replayed() {}

    /** The {@code time_us} of the first so many events at or after a time. */
    static List<Long> times(InetSocketAddress server, String query, long fromUs, int howMany) throws IOException {
        List<Long> times = new CopyOnWriteArrayList<>();
        EventClient client = EventClient.open(
                server,
                "/subscribe?cursor=" + fromUs + (query.isEmpty() ? "" : "&" + query),
                (opcode, bytes, from, to) -> times.add(Message.time(bytes, Message.timeAt(bytes, from))));
        try {
            Await.until(() -> times.size() >= howMany, () -> times.size() + " of " + howMany + " events");
        } finally {
            client.close();
        }
        return List.copyOf(times.subList(0, howMany));
    }
}
