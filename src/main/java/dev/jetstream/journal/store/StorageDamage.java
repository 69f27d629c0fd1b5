package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import dev.jetstream.journal.codec.JournaledBlock;
import java.io.NotSerializableException;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import slick.SlickException;

/** Distinguishes damaged storage from storage that is unavailable, for which a retry can help. */
public final class StorageDamage {
    private static final Logger LOG = LoggerFactory.getLogger(StorageDamage.class);

    private static final int MAX_CAUSES = 10;

    /** The low byte of SQLite's result codes is the primary code. */
    private static final int PRIMARY = 0xFF;

    /** PostgreSQL: data_corrupted, index_corrupted. */
    private static final Set<String> SQL_STATES = Set.of("XX001", "XX002");

    private StorageDamage() {}

    /** Whether a failed read shows that what it read is damaged. */
    public static boolean is(Throwable failure) {
        return isSqlite(failure, SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB)
                || hasCause(failure, StorageDamage::isOther);
    }

    /** The last two: a row whose columns are not what the plugin wrote. */
    private static boolean isOther(Throwable cause) {
        return cause instanceof SQLException sql && sql.getSQLState() != null && SQL_STATES.contains(sql.getSQLState())
                || cause instanceof NotSerializableException
                || cause instanceof SlickException;
    }

    /** Whether a failure or one of its causes is SQLite's, with one of these primary result codes. */
    static boolean isSqlite(Throwable failure, SQLiteErrorCode... codes) {
        return hasCause(
                failure,
                cause -> cause instanceof SQLiteException sqlite
                        && Stream.of(codes).anyMatch(code -> code.code == (sqlite.getResultCode().code & PRIMARY)));
    }

    /** Whether a failure or one of its causes is of a kind. */
    static boolean hasCause(Throwable failure, Predicate<Throwable> kind) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES)
                .anyMatch(kind);
    }

    /**
     * Why a journal cannot be opened, and what an operator can do. It advises to give up the journal only if that is damaged.
     * Blocks its caller.
     */
    public static JournalException cannotBeOpened(JournalStore store, BlockReader reader, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (is(failure)) {
            OptionalLong seq = newestReadableSeq(store, reader);
            String restart = seq.isPresent() && seq.getAsLong() >= 0
                    ? ", and start once with --override-relay-cursor " + seq.getAsLong()
                            + ", so that the relay sends again what came after the newest readable block"
                    : ", to start with an empty journal";
            return new JournalException(
                    "journal " + store.place() + " cannot be opened: " + Text.reason(failure)
                            + "; its newest blocks are damaged; restore it from a copy, or " + store.putAside()
                            + restart,
                    failure);
        }
        return cause instanceof JournalException known ? known : store.unusable(failure);
    }

    /** The relay's seq at the newest block that can be read; empty if there is none. */
    private static OptionalLong newestReadableSeq(JournalStore store, BlockReader reader) {
        try {
            long damaged = firstThat(store.oldest(), Long.MAX_VALUE, number -> header(reader, number) == null);
            JournaledBlock.Header newest = header(reader, damaged - 1);
            return newest == null ? OptionalLong.empty() : OptionalLong.of(newest.upstreamSeq());
        } catch (RuntimeException e) {
            LOG.debug("no block of the journal can be read", e);
            return OptionalLong.empty();
        }
    }

    /** @return null for a block that is gone or damaged */
    private static JournaledBlock.Header header(BlockReader reader, long number) {
        try {
            return reader.header(number).toCompletableFuture().join().orElse(null);
        } catch (CompletionException e) {
            if (!is(e)) {
                throw e;
            }
            return null;
        }
    }

    /** The first number in [from, to) that matches, found by bisection: all above it match too; {@code to} if none does. */
    static long firstThat(long from, long to, LongPredicate matches) {
        long low = from;
        long high = to;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (matches.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
