package dev.jetstream.e2e;

import dev.jetstream.relay.SentFrame;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a relay sent last, event by event and in order: a ledger for runs that are too long to remember all of it. */
final class RecentEvents implements Consumer<SentFrame> {
    static final int NOWHERE = -1;
    private static final int ROOM = 1 << 19;

    private final long[] prints = new long[ROOM];
    private final int[] sizes = new int[ROOM];
    private final String[] collections = new String[ROOM];
    private final String[] dids = new String[ROOM];
    private volatile long count;

    @Override
    public void accept(SentFrame sent) {
        for (MadeEvent event : MadeEvent.of(sent)) {
            byte[] bytes = event.v1().getBytes(StandardCharsets.UTF_8);
            int at = at(count);
            prints[at] = Message.print(bytes, 0, bytes.length);
            sizes[at] = MadeEvent.size(event.v1());
            collections[at] = event.collection().intern();
            dids[at] = event.did().intern();
            count++;
        }
    }

    private static int at(long place) {
        return (int) (place & ROOM - 1);
    }

    /** Events so far. */
    long count() {
        return count;
    }

    /** Whether it still knows this event, with room to read on. */
    boolean knows(long place) {
        return place >= 0 && place < count && count - place < ROOM / 2;
    }

    /** The fingerprint of an event that it {@link #knows}. */
    long print(long place) {
        return prints[at(place)];
    }

    boolean isWanted(long place, TestFilter filter) {
        int at = at(place);
        return filter.wants(collections[at], dids[at]) && filter.fits(sizes[at]);
    }

    /** The account of an event. */
    String did(long place) {
        return dids[at(place)];
    }

    /** The newest event with this fingerprint; {@link #NOWHERE} where it knows none. */
    long place(long print) {
        for (long place = count - 1; knows(place); place--) {
            if (print(place) == print) {
                return place;
            }
        }
        return NOWHERE;
    }
}
