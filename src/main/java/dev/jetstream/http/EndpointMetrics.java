package dev.jetstream.http;

import dev.jetstream.metrics.Counter;
import dev.jetstream.metrics.Gauge;
import dev.jetstream.metrics.Instruments;
import dev.jetstream.net.ListenerMetrics;
import dev.jetstream.net.Refusal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What happens at the public listener. One instance per process; any thread. */
public final class EndpointMetrics implements ListenerMetrics {
    private static final int[] USUAL_STATUSES = {200, 400, 404, 405, 426, 429, 500, 503};

    private final Gauge connections =
            Instruments.gauge("jetstream_http_connections", "Open connections of the public listener");
    private final Counter upgrades =
            Instruments.counter("jetstream_http_upgrades", "Requests that became subscriptions");
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final Map<Integer, Counter> answers = new ConcurrentHashMap<>();

    public EndpointMetrics() {
        for (Refusal reason : Refusal.values()) {
            refusals.put(
                    reason,
                    Instruments.counter(
                            "jetstream_http_refusals",
                            "Connections and requests turned away",
                            "reason",
                            reason.name().toLowerCase(Locale.ROOT)));
        }
        for (int status : USUAL_STATUSES) {
            counterOf(status);
        }
    }

    @Override
    public void connections(int open) {
        connections.set(open);
    }

    public void upgraded() {
        upgrades.increment();
    }

    @Override
    public void refused(Refusal reason) {
        refusals.get(reason).increment();
    }

    /** A request was answered with this status, one of those that the server knows. */
    public void answered(int status) {
        counterOf(status).increment();
    }

    private Counter counterOf(int status) {
        return answers.computeIfAbsent(
                status,
                s -> Instruments.counter(
                        "jetstream_http_answers", "Answered requests by status", "status", s.toString()));
    }

    /** Open connections. */
    public int connections() {
        return (int) connections.value();
    }

    /** Requests that became subscriptions so far. */
    public long upgrades() {
        return upgrades.value();
    }

    /** Refusals for a reason so far. */
    public long refusals(Refusal reason) {
        return refusals.get(reason).value();
    }
}
