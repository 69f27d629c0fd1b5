package dev.jetstream.app;

import dev.jetstream.http.Health;
import dev.jetstream.journal.Journal;
import dev.jetstream.upstream.RelaySession;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Whether the server should be sent clients: frames come in, the journal writes, nothing is stopping. */
final class ServerHealth implements Health {
    private final Supplier<RelaySession.State> relay;
    private final Supplier<Journal.Status> journal;
    private final Supplier<String> ingestFailure;
    private final Duration livenessTtl;
    private volatile boolean stopping;

    /** @param livenessTtl a frame within this time counts as lately */
    ServerHealth(
            Supplier<RelaySession.State> relay,
            Supplier<Journal.Status> journal,
            Supplier<String> ingestFailure,
            Duration livenessTtl) {
        this.relay = relay;
        this.journal = journal;
        this.ingestFailure = ingestFailure;
        this.livenessTtl = livenessTtl;
    }

    /** From now on the server is not ready. */
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
}
