package dev.jetstream.e2e;

import dev.jetstream.relay.SentFrame;
import dev.jetstream.relay.V1Lines;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What a relay has sent, event by event and in order, as the fingerprints of the messages that subscribers must get for it. */
final class Ledger implements Consumer<SentFrame> {
    static final int NOWHERE = -1;
    private static final int FIRST_ROOM = 400_000;

    private volatile long[] prints = new long[FIRST_ROOM];
    private final Map<Long, Integer> places = new ConcurrentHashMap<>();
    private volatile int count;

    @Override
    public void accept(SentFrame sent) {
        for (String line : V1Lines.of(sent)) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            long print = Message.print(bytes, 0, bytes.length);
            if (places.put(print, count) != null) {
                throw new IllegalStateException("the same event twice: " + line);
            }
            keep(print);
            count++;
        }
    }

    private void keep(long print) {
        if (count == prints.length) {
            prints = Arrays.copyOf(prints, 2 * count);
        }
        prints[count] = print;
    }

    /** Events so far. */
    int count() {
        return count;
    }

    /** The fingerprint of an event that was sent. */
    long print(int place) {
        return prints[place];
    }

    /** Where an event with this fingerprint stands; {@link #NOWHERE} if none was sent. */
    int place(long print) {
        return places.getOrDefault(print, NOWHERE);
    }
}
