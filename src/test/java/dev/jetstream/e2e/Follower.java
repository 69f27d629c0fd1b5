package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A subscriber without filters that holds each message it gets against the ledger: the first one says where it is, from there on
 * each must be the next one, with a greater time. It keeps its place over reconnects: then the first message must be the last one
 * again, time included.
 */
final class Follower implements EventClient.Sink, AutoCloseable {
    private static final int EXCERPT = 300;

    private final Ledger ledger;
    private EventClient client;
    private long[] times = new long[1024];
    private long lastTime;
    private int first = Ledger.NOWHERE;
    private boolean resuming;
    private volatile int next;
    private volatile String fault = "";

    /** Begins with whatever it gets first. */
    Follower(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Must begin with this event. */
    Follower(Ledger ledger, int first) {
        this.ledger = ledger;
        this.first = first;
        this.next = first;
    }

    /** Keeps no {@link #times}, however many events come. */
    Follower forgetful() {
        times = null;
        return this;
    }

    /** Subscribes with this query. */
    Follower connect(InetSocketAddress server, String query) throws IOException {
        client = EventClient.open(server, "/subscribe" + query, this);
        return this;
    }

    /** Subscribes anew where the last connection ended: from the oldest event if it brought none. */
    Follower resume(InetSocketAddress server) throws IOException {
        close();
        resuming = received() > 0;
        return connect(server, "?cursor=" + lastTime);
    }

    /** Waits for the connection's end, and says with which code the server closed it; -1 for none. */
    int awaitClose() {
        return client == null ? -1 : client.awaitEnd().closeCode();
    }

    /** Whether the connection has come to its end. */
    boolean isEnded() {
        return client.isEnded();
    }

    @Override
    public void close() throws IOException {
        if (client != null) {
            client.close();
        }
    }

    @Override
    public void message(int opcode, byte[] bytes, int from, int to) {
        if (!fault.isEmpty()) {
            return;
        }
        long print = Message.print(bytes, from, to);
        long time = Message.time(bytes, Message.timeAt(bytes, from));
        if (resuming) {
            resuming = false;
            if (print != ledger.print(next - 1) || time != lastTime) {
                fault(next - 1, print, bytes, from, to);
            }
            return;
        }
        if (first == Ledger.NOWHERE) {
            first = ledger.place(print);
            next = Math.max(0, first);
        }
        if (next >= ledger.count() || print != ledger.print(next) || time <= lastTime) {
            fault(next, print, bytes, from, to);
            return;
        }
        lastTime = time;
        keep(time);
        next++;
    }

    private void keep(long time) {
        int at = next - first;
        if (times == null) {
            return;
        }
        if (at == times.length) {
            times = Arrays.copyOf(times, 2 * at);
        }
        times[at] = time;
    }

    private void fault(int expected, long print, byte[] bytes, int from, int to) {
        fault = "expected event " + expected + " of " + ledger.count() + " after time_us " + lastTime + ", got event "
                + ledger.place(print) + ": "
                + new String(bytes, from, Math.min(EXCERPT, to - from), StandardCharsets.UTF_8);
    }

    /** The place of the next event it waits for. */
    int next() {
        return next;
    }

    /** How many events it has had. */
    int received() {
        return first == Ledger.NOWHERE ? 0 : next - first;
    }

    /** The place of the first event it had. */
    int first() {
        return first;
    }

    /** The time of the last event it had. */
    long lastTime() {
        return lastTime;
    }

    /** The times of all events it had, in order. */
    long[] times() {
        int count = received();
        return Arrays.copyOf(times, count);
    }

    /** Waits until it has had all events before {@code place}. */
    Follower awaitEvent(int place) {
        Await.until(() -> next >= place || !fault.isEmpty(), () -> "event " + place + ", had " + next);
        return assertNoFault();
    }

    boolean hasFault() {
        return !fault.isEmpty();
    }

    Follower assertNoFault() {
        assertThat(fault).isEmpty();
        return this;
    }
}
