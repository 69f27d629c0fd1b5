package dev.jetstream.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the messages of a subscription's connections and counts them: drops repeats, and notifies the listener of messages that
 * are not events. Any thread; the messages of one connection in order.
 */
final class Intake {
    private final ResumePoint resume;
    private final JetstreamListener listener;
    private final ClientCounters counters;

    /** The connection that messages come from, for the listener. */
    private volatile URI server;

    Intake(ResumePoint resume, JetstreamListener listener, ClientCounters counters, URI firstServer) {
        this.resume = resume;
        this.listener = listener;
        this.counters = counters;
        this.server = firstServer;
    }

    void onOpened(URI opened) {
        server = opened;
        counters.connections.increment();
    }

    /** The event in a message; null when it is a repeat or not an event. */
    @Nullable
    EventLine event(String json) {
        counters.received.increment();
        long timeUs = EventLine.timeUsOf(json);
        if (timeUs == EventLine.NO_TIME) {
            onBadMessage(new MalformedEventException("no time_us, or not JSON", json));
            return null;
        }
        if (!resume.isNew(timeUs, json)) {
            counters.repeats.increment();
            return null;
        }
        return new EventLine(timeUs, json);
    }

    /** Counts a message that is not an event. */
    void onBadMessage(Exception reason) {
        boolean oversized = reason instanceof MessageAssembler.OversizedException;
        (oversized ? counters.oversized : counters.malformed).increment();
        String excerpt = reason instanceof MalformedEventException bad ? bad.excerpt() : "";
        listener.onSkipped(server, excerpt.isEmpty() ? reason.getMessage() : reason.getMessage() + ": " + excerpt);
    }

    /** Parses an event for delivery; null when it is malformed or of an unknown kind. */
    @Nullable
    JetstreamEvent parse(EventLine line) {
        try {
            JetstreamEvent event = EventParser.parse(line.json()).orElse(null);
            if (event == null) {
                counters.unknown.increment();
            }
            return event;
        } catch (MalformedEventException e) {
            onBadMessage(e);
            return null;
        }
    }
}
