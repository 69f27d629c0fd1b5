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
     * Takes the journal's lock, and creates the journal if there is none.
     *
     * @throws JournalException if it cannot be used: locked, of a newer format, no journal at all
     */
    static JournalStore open(JournalConfig config) {
        return open(config, true, false);
    }

    /** As {@link #open(JournalConfig)}, but others may open it so, too: the writers' epochs decide who writes. PostgreSQL only. */
    static JournalStore openShared(JournalConfig config) {
        return open(config, true, true);
    }

    /**
     * As {@link #open(JournalConfig)}, but refuses if there is no journal, and changes nothing.
     *
     * @throws JournalException also when there is none
     */
    static JournalStore openExisting(JournalConfig config) {
        return open(config, false, false);
    }

    private static JournalStore open(JournalConfig config, boolean make, boolean shared) {
        return config.databaseUrl().isEmpty()
                ? SqliteStore.open(config.dataDir(), make)
                : PostgresStore.open(config, make, shared);
    }

    /** @param otherwise the setting that avoids this journal, and to what to set it */
    static JournalException newerFormat(String place, long format, String otherwise) {
        return new JournalException("journal " + place + " was written by a newer version of this program (format "
                + format + ", this one knows " + FORMAT + "); upgrade, or set " + otherwise);
    }

    /** Number of the oldest block; 0: none. The plugin would read whole blocks to find it. */
    long oldest();

    /** Number of the newest block; 0: none. */
    long newest();

    /** Bytes that the journal takes on disk, including freed space that is not used again yet. */
    long sizeOnDisk();

    /** Bytes that its blocks take. */
    long usedBytes();

    /** Problems that the database finds in itself, in a few sentences. Reads all of it. */
    List<String> flaws();

    /**
     * Returns a little of the freed space to the file system, if there is much.
     *
     * @return whether there is more to give back
     */
    boolean giveBackSpace();

    /**
     * Makes this process the journal's writer. When it returns, the writes of earlier ones have succeeded, or will fail.
     *
     * @return the writer's epoch; 0 where the lock alone excludes others
     * @throws JournalException if another server holds the lock, or the database cannot be reached
     */
    long claim();

    /**
     * Checks that this process is still the writer, and connects again to a database if the connection was lost.
     *
     * @param epoch from {@link #claim}
     * @throws SupersededException if there is a later writer
     * @throws JournalException if another server holds the lock, or the database cannot be reached
     */
    void hold(long epoch);

    /** Where the journal is, for messages. */
    String place();

    /** What keeps the journal, which is not known to be damaged, from being used, and what an operator can do. */
    JournalException unusable(Throwable cause);

    /** A clause that says how an operator puts a journal aside to which nothing can be added. */
    String putAside();

    /** Releases the lock. Call it after the plugin has closed its connections. */
    @Override
    void close();
}
