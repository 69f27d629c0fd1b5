package dev.jetstream.journal.write;

import dev.jetstream.common.Text;
import dev.jetstream.journal.store.JournalStore;
import dev.jetstream.journal.store.StorageDamage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said of looks of retention that fail: a look comes every few seconds, but what is wrong stays the same for hours. One
 * look at a time.
 */
final class RetentionFailures {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final long SAID_AGAIN_NANOS = TimeUnit.HOURS.toNanos(1);

    private final JournalStore store;
    private final Supplier<String> upstreamSeq;
    private final LongSupplier nanoTime;
    private String said = "";
    private long saidNanos;
    private long unsaid;

    /** @param upstreamSeq the relay's seq that the journal has come to */
    RetentionFailures(JournalStore store, Supplier<String> upstreamSeq, LongSupplier nanoTime) {
        this.store = store;
        this.upstreamSeq = upstreamSeq;
        this.nanoTime = nanoTime;
    }

    /** A look failed. A reason is said when it is a new one, and once an hour. */
    synchronized void failed(Throwable failure) {
        String reason = Text.reason(failure);
        long now = nanoTime.getAsLong();
        if (reason.equals(said) && now - saidNanos < SAID_AGAIN_NANOS) {
            unsaid++;
            return;
        }
        if (StorageDamage.is(failure)) {
            LOG.error(
                    "old events cannot be deleted, and the journal grows: it is damaged; restore it from a copy, or stop"
                            + " the server, {} and start once with --override-relay-cursor {} place={} reason={} times={}",
                    store.putAside(),
                    upstreamSeq.get(),
                    store.place(),
                    reason,
                    unsaid + 1);
        } else {
            LOG.warn(
                    "old events cannot be deleted now, and are tried again place={} reason={} times={}",
                    store.place(),
                    reason,
                    unsaid + 1);
        }
        said = reason;
        saidNanos = now;
        unsaid = 0;
    }

    /** A look came to its end. */
    synchronized void succeeded() {
        if (!said.isEmpty()) {
            LOG.info("old events are deleted again place={}", store.place());
            said = "";
            unsaid = 0;
        }
    }
}
