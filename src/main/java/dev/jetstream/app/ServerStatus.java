package dev.jetstream.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jetstream.common.Version;
import dev.jetstream.http.Health;
import dev.jetstream.journal.Journal;
import dev.jetstream.subscriber.SubscriberMetrics;
import dev.jetstream.subscriber.SubscriberMetrics.ConnectionReport;
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
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Readiness, and the JSON of {@code /status}, which is rendered at most every 200 ms. Any thread. */
final class ServerStatus implements Health {
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_COLLECTIONS = 50;
    private static final int MAX_CONNECTIONS = 1_000;

    /** Jackson, loaded by the first request: a start does not need its classes. */
    private static final class Json {
        static final JsonMapper MAPPER = new JsonMapper();
    }

    private record Rendered(String json, long atNanos) {}

    private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final long startedNanos = System.nanoTime();
    private final Duration livenessTtl;
    private final Supplier<RelaySession.State> relay;
    private final Supplier<Journal.Status> journal;
    private final Supplier<String> ingestFailure;
    private final LongSupplier wallUs;
    private final PipelineMetrics pipeline;
    private final SubscriberMetrics subscribers;
    private final Optional<Supplier<List<ConnectionReport>>> connections;
    private final RateHistory history;
    private volatile boolean stopping;
    private volatile Rendered rendered;

    /**
     * @param livenessTtl the server is ready if the newest frame is at most this old
     * @param ingestFailure why ingest does not run; empty if it does
     * @param connections the subscribers one by one, if they may be shown
     */
    ServerStatus(
            Duration livenessTtl,
            Supplier<RelaySession.State> relay,
            Supplier<Journal.Status> journal,
            Supplier<String> ingestFailure,
            LongSupplier wallUs,
            PipelineMetrics pipeline,
            SubscriberMetrics subscribers,
            Optional<Supplier<List<ConnectionReport>>> connections) {
        this.livenessTtl = livenessTtl;
        this.relay = relay;
        this.journal = journal;
        this.ingestFailure = ingestFailure;
        this.wallUs = wallUs;
        this.pipeline = pipeline;
        this.subscribers = subscribers;
        this.connections = connections;
        history = new RateHistory(pipeline::emitted, System::nanoTime);
    }

    /** Adds a point to the history; called once a second. */
    void sample() {
        history.sample();
    }

    /** The server is not ready from now on. */
    void stopping() {
        stopping = true;
    }

    @Override
    public Report live() {
        return new Report(true, "ok\n");
    }

    @Override
    public Report ready() {
        RelaySession.State upstream = relay.get();
        boolean frames = upstream.sinceLastFrame()
                .filter(age -> age.compareTo(livenessTtl) <= 0)
                .isPresent();
        Journal.Status status = journal.get();
        String ingest = ingestFailure.get();
        boolean ready = frames && status.writable() && ingest.isEmpty() && !stopping;
        String text = (ready ? "ready" : "not ready") + "\n"
                + (stopping ? "server: stopping\n" : "")
                + "upstream: " + upstreamLine(upstream) + "\n"
                + "journal: " + (status.writable() ? "writes" : "does not write: " + status.writeFailure()) + "\n"
                + (ingest.isEmpty() ? "" : "ingest: stopped, will be tried again: " + ingest + "\n");
        return new Report(ready, text);
    }

    private static String upstreamLine(RelaySession.State state) {
        String frame = state.sinceLastFrame()
                .map(age -> String.format(Locale.ROOT, "last frame %.1f s ago", age.toMillis() / 1e3))
                .orElse("no frame yet");
        String error = state.connected() || state.lastError().isEmpty() ? "" : ", last error: " + state.lastError();
        return (state.connected() ? "connected" : "not connected") + ", " + frame + error;
    }

    @Override
    public String json() {
        Rendered last = rendered;
        if (last == null || System.nanoTime() - last.atNanos() >= KEPT_NANOS) {
            try {
                last = new Rendered(Json.MAPPER.writeValueAsString(report()), System.nanoTime());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
            rendered = last;
        }
        return last.json();
    }

    /** An object with these keys and values in turn. A null value is left out. */
    private static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (keysAndValues[i + 1] != null) {
                object.put((String) keysAndValues[i], keysAndValues[i + 1]);
            }
        }
        return object;
    }

    private Map<String, Object> report() {
        Report ready = ready();
        long[] perSecond = history.perSecond();
        return object(
                "version", Version.TEXT,
                "started_at", startedAt.toString(),
                "uptime_seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos),
                "time_us", wallUs.getAsLong(),
                "ready", ready.isGood(),
                "readiness", ready.text().lines().toList(),
                "upstream", upstream(),
                "journal", journal(),
                "events",
                        object(
                                "total",
                                pipeline.emitted(),
                                "per_second",
                                perSecond.length == 0 ? 0 : perSecond[perSecond.length - 1],
                                "history",
                                perSecond),
                "collections", collections(),
                "subscribers", subscribers(),
                "connections", connections.map(all -> connections(all.get())).orElse(null));
    }

    private Map<String, Object> upstream() {
        RelaySession.State state = relay.get();
        OptionalDouble lag = pipeline.lagSeconds();
        return object(
                "relay", state.relay(),
                "connected", state.connected(),
                "seconds_since_last_frame",
                        state.sinceLastFrame().map(age -> age.toMillis() / 1e3).orElse(null),
                "lag_seconds", lag.isPresent() ? lag.getAsDouble() : null,
                "reconnects", Math.max(0, state.connects() - 1),
                "last_error", state.lastError().isEmpty() ? null : state.lastError());
    }

    private Map<String, Object> journal() {
        Journal.Status status = journal.get();
        return object(
                "writable",
                status.writable(),
                "reason",
                status.writable() ? null : status.writeFailure(),
                "oldest_time_us",
                status.oldestTimeUs() == 0 ? null : status.oldestTimeUs(),
                "newest_time_us",
                status.newestTimeUs() == 0 ? null : status.newestTimeUs(),
                "blocks",
                status.blocks(),
                "bytes",
                status.sizeBytes());
    }

    private List<Map<String, Object>> collections() {
        return pipeline.opsByCollection().entrySet().stream()
                .filter(ops -> ops.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_COLLECTIONS)
                .map(ops -> object("name", ops.getKey(), "ops", ops.getValue()))
                .toList();
    }

    /** The connections furthest behind come first. */
    private static Map<String, Object> connections(List<ConnectionReport> all) {
        List<Map<String, Object>> listed = all.stream()
                .sorted(Comparator.comparingLong(ConnectionReport::behindEvents)
                        .reversed()
                        .thenComparingLong(ConnectionReport::sinceUs))
                .limit(MAX_CONNECTIONS)
                .map(one -> object(
                        "address", one.client(),
                        "state", one.state(),
                        "collections", one.collections(),
                        "dids", one.dids(),
                        "behind_events", one.behindEvents(),
                        "sent_events", one.sentEvents(),
                        "since", Instant.ofEpochMilli(one.sinceUs() / 1_000).toString()))
                .toList();
        return object("list", listed, "left_out", all.size() - listed.size());
    }

    private Map<String, Object> subscribers() {
        Map<String, Object> byState = object("total", subscribers.connected());
        for (SubscriberMetrics.State state : SubscriberMetrics.State.values()) {
            byState.put(state.name().toLowerCase(Locale.ROOT), subscribers.in(state));
        }
        return byState;
    }
}
