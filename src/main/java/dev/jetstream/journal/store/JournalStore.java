package dev.jetstream.journal.store;

import dev.jetstream.config.JournalConfig;
import java.util.List;

/**
 * What Pekko Persistence's API cannot do: the schema, the single writer's lock, sizes, giving space back. Its implementations
 * are all that speaks SQL. Calls block; any thread, one at a time.
 */
public interface JournalStore extends AutoCloseable {
    /** The persistence id of all blocks. */
    String PERSISTENCE_ID = "events";

    /** The version of tables and blocks that this program writes, and the newest that it reads. */
    int FORMAT = 1;

    /**
     * Makes the journal where there is none, and takes its lock.
     *
     * @throws JournalException if it cannot be used: locked, of a newer format, no journal at all
     */
    static JournalStore open(JournalConfig config) {
        return config.databaseUrl().isEmpty() ? SqliteStore.open(config.dataDir()) : PostgresStore.open(config, true);
    }

    /**
     * As {@link #open}, but refuses where there is no journal yet, and changes nothing.
     *
     * @throws JournalException also when there is none
     */
    static JournalStore openExisting(JournalConfig config) {
        return config.databaseUrl().isEmpty()
                ? SqliteStore.openExisting(config.dataDir())
                : PostgresStore.open(config, false);
    }

    /** Number of the oldest block; 0: none. The plugin would read whole blocks to tell it. */
    long oldest();

    /** Number of the newest block; 0: none. */
    long newest();

    /** Bytes that the journal takes on disk, with what was freed and not yet used again. */
    long sizeOnDisk();

    /** Bytes that its blocks take. */
    long usedBytes();

    /** What the database finds wrong with itself, in a few sentences; it reads all of it. */
    List<String> flaws();

    /**
     * Gives a little of the freed space back, where that is much.
     *
     * @return whether there is more to give back
     */
    boolean giveBackSpace();

    /**
     * Checks that the lock is still held, and takes it again where a lost connection lost it.
     *
     * @throws JournalException if another has it now
     */
    void holdLock();

    /** Where the journal is, for messages. */
    String place();

    /** What keeps the journal, which is not known to be damaged, from being used, and what an operator can do. */
    JournalException unusable(Throwable cause);

    /** How an operator puts a journal aside to which nothing can be added, as a clause. */
    String putAside();

    /** Releases the lock. To be called when the plugin has closed its connections. */
    @Override
    void close();
}
