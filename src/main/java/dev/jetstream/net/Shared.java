package dev.jetstream.net;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What all connections of a listener share: settings, limits, counts. Any thread. */
final class Shared {
    /** Refused connections that may linger at the same time, so that their answer is read; more are closed at once. */
    private static final int MAX_REFUSED = 256;

    private final ListenerSettings settings;
    private final Request.Handler handler;
    private final ListenerMetrics metrics;
    private final HeldBuffer.Budget held;
    private final AddressCounts addresses;
    private final CompletableFuture<Void> allGone = new CompletableFuture<>();
    private int open;
    private int refused;
    private boolean stopped;

    Shared(ListenerSettings settings, Request.Handler handler, ListenerMetrics metrics) {
        this.settings = settings;
        this.handler = handler;
        this.metrics = metrics;
        held = new HeldBuffer.Budget(settings.maxHeldBytes());
        addresses = new AddressCounts(settings.maxConnectionsPerAddress());
    }

    ListenerSettings settings() {
        return settings;
    }

    Request.Handler handler() {
        return handler;
    }

    ListenerMetrics metrics() {
        return metrics;
    }

    HeldBuffer.Budget held() {
        return held;
    }

    AddressCounts addresses() {
        return addresses;
    }

    /** Counts one more connection, if there is room for it. */
    synchronized boolean opened() {
        if (open >= settings.maxConnections()) {
            return false;
        }
        open++;
        metrics.connections(open);
        return true;
    }

    /** Counts one more refused connection, if there is room for it. */
    synchronized boolean refused() {
        if (refused >= MAX_REFUSED) {
            return false;
        }
        refused++;
        return true;
    }

    /** A connection is closed. */
    void closed(Connection connection) {
        closed(connection.isCounted());
    }

    /** A connection is closed that {@link #opened} or {@link #refused} had counted. */
    synchronized void closed(boolean wasOpened) {
        if (wasOpened) {
            open--;
            metrics.connections(open);
        } else {
            refused--;
        }
        completeIfAllGone();
    }

    /** No more connections come; completes when the last one is closed. */
    synchronized CompletionStage<Void> stopped() {
        stopped = true;
        completeIfAllGone();
        return allGone;
    }

    /** Whether no more requests are answered. */
    synchronized boolean isStopped() {
        return stopped;
    }

    synchronized int open() {
        return open;
    }

    private void completeIfAllGone() {
        if (stopped && open == 0 && refused == 0) {
            allGone.complete(null);
        }
    }
}
