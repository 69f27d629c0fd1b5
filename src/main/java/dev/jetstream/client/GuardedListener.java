package dev.jetstream.client;

import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user's listener whose exceptions and errors are logged instead of reaching the stream. */
final class GuardedListener implements JetstreamListener {
    private static final Logger LOG = LoggerFactory.getLogger(Jetstream.class);

    private final JetstreamListener to;

    GuardedListener(JetstreamListener to) {
        this.to = to;
    }

    @Override
    public void onConnected(URI server, OptionalLong cursor) {
        guard(() -> to.onConnected(server, cursor));
    }

    @Override
    public void onDisconnected(URI server, String reason, Duration retryIn) {
        guard(() -> to.onDisconnected(server, reason, retryIn));
    }

    @Override
    public void onSkipped(URI server, String reason) {
        guard(() -> to.onSkipped(server, reason));
    }

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            LOG.warn("The listener failed", e);
        }
    }

    /** The default listener: logs connections, and skipped messages at most once in ten seconds. */
    static final class Logging implements JetstreamListener {
        private static final long SKIPPED_PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

        private final AtomicLong skippedLoggedAt = new AtomicLong(System.nanoTime() - SKIPPED_PERIOD_NANOS);
        private final AtomicLong skipped = new AtomicLong();

        @Override
        public void onConnected(URI server, OptionalLong cursor) {
            LOG.info("Connected: server={} cursor={}", server, cursor.isPresent() ? cursor.getAsLong() : "live");
        }

        @Override
        public void onDisconnected(URI server, String reason, Duration retryIn) {
            LOG.warn("Not connected: server={} reason={} retry-ms={}", server, reason, retryIn.toMillis());
        }

        @Override
        public void onSkipped(URI server, String reason) {
            skipped.incrementAndGet();
            long now = System.nanoTime();
            long last = skippedLoggedAt.get();
            if (now - last >= SKIPPED_PERIOD_NANOS && skippedLoggedAt.compareAndSet(last, now)) {
                LOG.warn("Skipped messages: server={} count={} last-reason={}", server, skipped.getAndSet(0), reason);
            }
        }
    }
}
