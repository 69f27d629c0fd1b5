package dev.jetstream.e2e;

import java.util.Arrays;

/** Where the messages that a subscriber gets stand in the ledger, where some may be missing. */
final class Places implements EventClient.Sink {
    private final Ledger ledger;
    private int[] places = new int[1024];
    private long[] times = new long[1024];
    private volatile int count;

    Places(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void message(int opcode, byte[] bytes, int from, int to) {
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
        }
        places[count] = ledger.place(Message.print(bytes, from, to));
        times[count] = Message.time(bytes, Message.timeAt(bytes, from));
        count++;
    }

    int count() {
        return count;
    }

    /** The place of the newest message; -1: none. */
    int last() {
        int have = count;
        return have == 0 ? -1 : places[have - 1];
    }

    /** Whether each message is of an event behind the one before, with a greater time. */
    boolean inOrder() {
        for (int i = 1; i < count; i++) {
            if (places[i] <= places[i - 1] || times[i] <= times[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** How often events are missing between two messages. */
    int gaps() {
        int gaps = places[0] == 0 ? 0 : 1;
        for (int i = 1; i < count; i++) {
            gaps += places[i] == places[i - 1] + 1 ? 0 : 1;
        }
        return gaps;
    }

    /** The time of a message, by the order in which they came. */
    long time(int index) {
        return times[index];
    }

    /** The time of the last message before the first gap. */
    long timeBeforeGap() {
        return times[behindGap() - 1];
    }

    /** The time of the first message behind the first gap. */
    long timeBehindGap() {
        return times[behindGap()];
    }

    private int behindGap() {
        int at = 1;
        while (at < count && places[at] == places[at - 1] + 1) {
            at++;
        }
        return at;
    }
}
