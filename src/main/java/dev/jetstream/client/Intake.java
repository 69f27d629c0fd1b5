package dev.jetstream.client;

import java.net.URI;
import java.util.function.Supplier;

/**
 * What becomes of the messages of all connections: new events are offered for delivery, repeats are dropped, and what is no
 * event is counted and told to the listener. Any thread; the messages of one connection in their order.
 */
final class Intake {
    private final ResumePoint resume;
    private final Delivery delivery;
    private final JetstreamListener listener;
    private final Counters counters;
    private final Supplier<URI> server;

    /** @param server of the present connection, for the listener; asked once there was one */
    Intake(ResumePoint resume, Delivery delivery, JetstreamListener listener, Counters counters, Supplier<URI> server) {
        this.resume = resume;
        this.delivery = delivery;
        this.listener = listener;
        this.counters = counters;
        this.server = server;
    }

    /** A whole message came. */
    void onMessage(Connection connection, String json) {
        counters.received.increment();
        long timeUs = TimeUs.of(json);
        if (timeUs == TimeUs.MISSING) {
            onBadMessage(connection.server(), new MalformedEventException("no time_us, or not JSON", json));
        } else if (resume.isNew(timeUs, json)) {
            connection.broughtEvent();
            delivery.offer(new EventLine(timeUs, json));
        } else {
            counters.repeats.increment();
        }
    }

    /** A message came that is none. */
    void onBadMessage(URI server, Exception reason) {
        (reason instanceof OversizedException ? counters.oversized : counters.malformed).increment();
        String excerpt = reason instanceof MalformedEventException bad ? bad.excerpt() : "";
        listener.onSkipped(server, excerpt.isEmpty() ? reason.getMessage() : reason.getMessage() + ": " + excerpt);
    }

    /** Parses an event for delivery; null where there is none in it that this version knows. */
    JetstreamEvent parse(EventLine line) {
        try {
            JetstreamEvent event = EventParser.parse(line.json()).orElse(null);
            if (event == null) {
                counters.unknown.increment();
            }
            return event;
        } catch (MalformedEventException e) {
            onBadMessage(server.get(), e);
            return null;
        }
    }
}
