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
        return open(config, true);
    }

    /**
     * As {@link #open(JournalConfig)}, but refuses if there is no journal, and changes nothing.
     *
     * @throws JournalException also when there is none
     */
    static JournalStore openExisting(JournalConfig config) {
        return open(config, false);
    }

    private static JournalStore open(JournalConfig config, boolean make) {
        return config.databaseUrl().isEmpty()
                ? SqliteStore.open(config.dataDir(), make)
                : PostgresStore.open(config, make);
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
     * Checks that the lock is still held, and takes it again if it was lost with a connection.
     *
     * @throws JournalException if another server holds it now
     */
    void holdLock();

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
