package dev.jetstream.client;

import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The default listener: logs connections, and skipped messages at most once in ten seconds. */
final class LoggingListener implements JetstreamListener {
    private static final Logger LOG = LoggerFactory.getLogger(Jetstream.class);
    private static final long SKIPPED_PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong skippedLoggedAt = new AtomicLong(System.nanoTime() - SKIPPED_PERIOD_NANOS);
    private final AtomicLong skipped = new AtomicLong();

    @Override
    public void onConnected(URI server, OptionalLong cursor) {
        if (cursor.isPresent()) {
            LOG.info("Connected: server={} cursor={}", server, cursor.getAsLong());
        } else {
            LOG.info("Connected: server={}", server);
        }
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
