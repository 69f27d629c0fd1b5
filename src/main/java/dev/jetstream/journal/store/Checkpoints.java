package dev.jetstream.journal.store;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps SQLite's write-ahead log short at a quiet pace. There each block is a commit of a few pages, and the log would take
 * several times what its events do before the writer empties it; here it is emptied beside the writer, which does not wait.
 */
final class Checkpoints implements AutoCloseable {
    private static final long EVERY_MILLIS = 100;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "journal-checkpoint");
        made.setDaemon(true);
        return made;
    });

    private Checkpoints() {}

    /** Calls {@link SqliteStore#checkpointWhenQuiet()} from now on. */
    static Checkpoints start(SqliteStore store) {
        Checkpoints made = new Checkpoints();
        made.thread.scheduleWithFixedDelay(
                store::checkpointWhenQuiet, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return made;
    }

    /** Begins none from now on. One that goes on is waited for by whoever uses the store next. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
