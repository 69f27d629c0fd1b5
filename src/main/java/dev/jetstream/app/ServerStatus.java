package dev.jetstream.app;

import dev.jetstream.http.Health;
import dev.jetstream.http.Status;
import dev.jetstream.journal.Journal;
import dev.jetstream.subscriber.ConnectionReport;
import dev.jetstream.subscriber.SubscriberMetrics;
import dev.jetstream.upstream.RelaySession;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Gathers what {@code /status} says. However many ask, it looks around a few times a second at most. */
final class ServerStatus implements Status {
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_COLLECTIONS = 50;
    private static final int MAX_CONNECTIONS = 1_000;

    private record Rendered(String json, long atNanos) {}

    private final String version;
    private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final long startedNanos = System.nanoTime();
    private final Supplier<RelaySession.State> relay;
    private final Supplier<Journal.Status> journal;
    private final Health health;
    private final PipelineMetrics pipeline;
    private final SubscriberMetrics subscribers;
    private final Optional<Supplier<List<ConnectionReport>>> connections;
    private final RateHistory history;
    private volatile Rendered rendered;

    /** @param connections the subscribers one by one, if they are to be seen */
    ServerStatus(
            String version,
            Supplier<RelaySession.State> relay,
            Supplier<Journal.Status> journal,
            Health health,
            PipelineMetrics pipeline,
            SubscriberMetrics subscribers,
            Optional<Supplier<List<ConnectionReport>>> connections) {
        this.version = version;
        this.relay = relay;
        this.journal = journal;
        this.health = health;
        this.pipeline = pipeline;
        this.subscribers = subscribers;
        this.connections = connections;
        history = new RateHistory(pipeline::emitted, System::nanoTime);
    }

    /** Takes a point of the history; called once a second. */
    void sample() {
        history.sample();
    }

    @Override
    public String json() {
        Rendered last = rendered;
        if (last == null || System.nanoTime() - last.atNanos() >= KEPT_NANOS) {
            last = new Rendered(report().json(), System.nanoTime());
            rendered = last;
        }
        return last.json();
    }

    private StatusReport report() {
        Health.Report ready = health.ready();
        RateHistory.Points points = history.points();
        return new StatusReport(
                version,
                startedAt.toString(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos),
                Clock.micros(),
                ready.isGood(),
                ready.text().lines().toList(),
                upstream(),
                journal(),
                new StatusReport.Events(pipeline.emitted(), points.now(), points.perSecond()),
                collections(),
                subscribers(),
                connections.map(all -> connections(all.get())).orElse(null));
    }

    private StatusReport.Upstream upstream() {
        RelaySession.State state = relay.get();
        return new StatusReport.Upstream(
                state.relay(),
                state.connected(),
                state.sinceLastFrame().map(ServerStatus::seconds).orElse(null),
                pipeline.lagSeconds().isPresent() ? pipeline.lagSeconds().getAsDouble() : null,
                Math.max(0, state.connects() - 1),
                state.lastError().isEmpty() ? null : state.lastError());
    }

    private static Double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private StatusReport.JournalWindow journal() {
        Journal.Status status = journal.get();
        return new StatusReport.JournalWindow(
                status.writable(),
                status.writable() ? null : status.writeFailure(),
                status.oldestTimeUs() == 0 ? null : status.oldestTimeUs(),
                status.newestTimeUs() == 0 ? null : status.newestTimeUs(),
                status.blocks(),
                status.sizeBytes());
    }

    private List<StatusReport.Collection> collections() {
        return pipeline.opsByCollection().entrySet().stream()
                .filter(ops -> ops.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_COLLECTIONS)
                .map(ops -> new StatusReport.Collection(ops.getKey(), ops.getValue()))
                .toList();
    }

    private static StatusReport.Connections connections(List<ConnectionReport> all) {
        List<StatusReport.Connection> listed = all.stream()
                .sorted(Comparator.comparingLong(ConnectionReport::behindEvents)
                        .reversed()
                        .thenComparingLong(ConnectionReport::sinceUs))
                .limit(MAX_CONNECTIONS)
                .map(one -> new StatusReport.Connection(
                        one.client(),
                        one.state(),
                        one.collections(),
                        one.dids(),
                        one.behindEvents(),
                        one.sentEvents(),
                        Instant.ofEpochMilli(one.sinceUs() / 1_000).toString()))
                .toList();
        return new StatusReport.Connections(listed, all.size() - listed.size());
    }

    private Map<String, Integer> subscribers() {
        Map<String, Integer> byState = new LinkedHashMap<>();
        byState.put("total", subscribers.connected());
        for (SubscriberMetrics.State state : SubscriberMetrics.State.values()) {
            byState.put(state.name().toLowerCase(Locale.ROOT), subscribers.in(state));
        }
        return byState;
    }
}
