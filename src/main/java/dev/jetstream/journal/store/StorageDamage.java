package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import java.io.NotSerializableException;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import slick.SlickException;

/** Tells a store whose bytes are damaged from one that cannot be reached now: trying again helps only with the second. */
public final class StorageDamage {
    private static final Logger LOG = LoggerFactory.getLogger(StorageDamage.class);

    private static final int MAX_CAUSES = 10;

    /** The low byte of SQLite's codes: what is above says where it was found. */
    private static final int PRIMARY = 0xFF;

    /** PostgreSQL: data_corrupted, index_corrupted. */
    private static final Set<String> SQL_STATES = Set.of("XX001", "XX002");

    private StorageDamage() {}

    /** Whether a failed read says that what was to be read is damaged. */
    public static boolean is(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (saysSo(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean saysSo(Throwable cause) {
        if (cause instanceof SQLiteException sqlite) {
            int code = sqlite.getResultCode().code & PRIMARY;
            return code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code;
        }
        if (cause instanceof SQLException other) {
            return other.getSQLState() != null && SQL_STATES.contains(other.getSQLState());
        }
        // A row whose columns are not what the plugin wrote.
        return cause instanceof NotSerializableException || cause instanceof SlickException;
    }

    /**
     * Why a journal cannot be opened, with what an operator can do. Blocks its caller.
     *
     * @param reader reads what can be read
     */
    public static JournalException cannotBeOpened(JournalStore store, BlockReader reader, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        boolean damaged = is(failure);
        if (cause instanceof JournalException known && !damaged) {
            return known;
        }
        String what = "journal " + store.place() + " cannot be opened: " + Text.reason(failure);
        return new JournalException(damaged ? what + mend(store, resumeAt(store, reader)) : what, failure);
    }

    private static OptionalLong resumeAt(JournalStore store, BlockReader reader) {
        try {
            return new NewestReadable(reader).upstreamSeq(store.oldest());
        } catch (RuntimeException e) {
            LOG.debug("nothing of the journal can be read", e);
            return OptionalLong.empty();
        }
    }

    private static String mend(JournalStore store, OptionalLong seq) {
        String start = seq.isPresent() && seq.getAsLong() >= 0
                ? " and start once with --override-relay-cursor " + seq.getAsLong()
                        + ", so that the relay sends again what came behind the newest block that can be read"
                : " to start with an empty journal";
        return " where its newest blocks are; restore it from a copy, or " + store.putAside() + start;
    }
}
