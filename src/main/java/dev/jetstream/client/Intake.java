package dev.jetstream.client;

import java.net.URI;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Sorts the messages of all connections and counts them: new events go to {@link Delivery}, repeats are dropped, and the
 * listener is notified of messages that are not events. Any thread; the messages of one connection in order.
 */
final class Intake {
    private final ResumePoint resume;
    private final Delivery delivery;
    private final JetstreamListener listener;
    private final Supplier<URI> server;
    private final LongAdder connections = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder repeats = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder oversized = new LongAdder();
    private final LongAdder unknown = new LongAdder();

    /** @param server the current connection's, for the listener; called only after the first connection */
    Intake(ResumePoint resume, Delivery delivery, JetstreamListener listener, Supplier<URI> server) {
        this.resume = resume;
        this.delivery = delivery;
        this.listener = listener;
        this.server = server;
    }

    void onOpened() {
        connections.increment();
    }

    void onMessage(Connection connection, String json) {
        received.increment();
        long timeUs = EventLine.timeUsOf(json);
        if (timeUs == EventLine.NO_TIME) {
            onBadMessage(connection.server(), new MalformedEventException("no time_us, or not JSON", json));
        } else if (resume.isNew(timeUs, json)) {
            connection.broughtEvent();
            delivery.offer(new EventLine(timeUs, json));
        } else {
            repeats.increment();
        }
    }

    /** Counts a message that is not an event. */
    void onBadMessage(URI from, Exception reason) {
        (reason instanceof MessageAssembler.OversizedException ? oversized : malformed).increment();
        String excerpt = reason instanceof MalformedEventException bad ? bad.excerpt() : "";
        listener.onSkipped(from, excerpt.isEmpty() ? reason.getMessage() : reason.getMessage() + ": " + excerpt);
    }

    /** Parses an event for delivery; null when it is malformed or of an unknown kind. */
    JetstreamEvent parse(EventLine line) {
        try {
            JetstreamEvent event = EventParser.parse(line.json()).orElse(null);
            if (event == null) {
                unknown.increment();
            }
            return event;
        } catch (MalformedEventException e) {
            onBadMessage(server.get(), e);
            return null;
        }
    }

    JetstreamStats stats() {
        return new JetstreamStats(
                connections.sum(),
                received.sum(),
                repeats.sum(),
                malformed.sum(),
                oversized.sum(),
                unknown.sum(),
                delivery.delivered());
    }
}
