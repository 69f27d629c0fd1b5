package dev.jetstream.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A subscriber that changes its filter now and then, and holds what it gets against what the relay sent. It cannot know at which
 * event the server changes over: so both are possible, the old filter and the new one, until an event tells them apart.
 */
final class Visitor implements EventClient.Sink {
    private static final int EXCERPT = 300;

    private final RecentEvents events;
    private EventClient client;
    private TestFilter oldWish;
    private TestFilter newFilter;
    private boolean mayBeOld = true;
    private boolean mayBeNew;
    private long next = RecentEvents.NOWHERE;
    private long lastTime;
    private long received;
    private String fault = "";

    Visitor(RecentEvents events, TestFilter filter) {
        this.events = events;
        this.oldWish = filter;
    }

    /** Subscribes to what comes from now on. */
    Visitor live(InetSocketAddress server) throws IOException {
        client = EventClient.open(server, "/subscribe" + oldWish.query(), this);
        return this;
    }

    /**
     * Subscribes to what came from an event on.
     *
     * @param place of the event, among all
     * @param time of it
     */
    synchronized Visitor from(InetSocketAddress server, long place, long time) throws IOException {
        next = place;
        lastTime = time - 1;
        client = EventClient.open(server, "/subscribe" + oldWish.query() + "&cursor=" + time, this);
        return this;
    }

    @Override
    public synchronized void message(int opcode, byte[] bytes, int from, int to) {
        if (!fault.isEmpty()) {
            return;
        }
        long print = Message.print(bytes, from, to);
        long time = Message.time(bytes, Message.timeAt(bytes, from));
        if (next == RecentEvents.NOWHERE) {
            next = Math.max(0, events.place(print));
        }
        boolean found = false;
        while (!found && next < events.count() && (mayBeOld || mayBeNew)) {
            found = events.print(next) == print;
            step(found);
        }
        if (!found || !(mayBeOld || mayBeNew) || time <= lastTime) {
            fault = "after event " + (next - 1) + ", time_us " + lastTime + ", with " + oldWish + " then " + newFilter
                    + ", got event " + events.place(print) + ": "
                    + new String(bytes, from, Math.min(EXCERPT, to - from), StandardCharsets.UTF_8);
        }
        lastTime = time;
        received++;
    }

    /** The next event came, or was left out: by which filter can that be? */
    private void step(boolean came) {
        boolean isNew = (mayBeNew || mayBeOld && newFilter != null) && events.isWanted(next, newFilter) == came;
        mayBeOld = mayBeOld && events.isWanted(next, oldWish) == came;
        mayBeNew = isNew;
        if (!mayBeOld && mayBeNew) {
            oldWish = newFilter;
            newFilter = null;
            mayBeOld = true;
            mayBeNew = false;
        }
        next++;
    }

    /** Changes the filter, unless it is unknown whether the last change has taken effect. */
    void change(TestFilter filter) throws IOException {
        synchronized (this) {
            if (newFilter != null) {
                return;
            }
            newFilter = filter;
        }
        client.send(filter.optionsUpdate());
    }

    synchronized long received() {
        return received;
    }

    /** The place of the last event that it got. */
    synchronized long lastPlace() {
        return next - 1;
    }

    synchronized long lastTime() {
        return lastTime;
    }

    /** What was not as it should be; empty: nothing. An end that is not its own doing is a fault. */
    synchronized String fault() {
        return fault.isEmpty() && client.isEnded() ? "ended with close code " + client.closeCode() : fault;
    }

    void leave() throws IOException {
        client.close();
    }
}
