package dev.jetstream.journal;

import dev.jetstream.common.Text;
import dev.jetstream.journal.codec.Decoded;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.StorageDamage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;

/** All rows of a journal in order, decoded. Where the database cannot read some, it goes on behind them. Blocks its caller. */
final class EveryRow {
    private static final int DECODED_AT_A_TIME = 4;

    /** More rows than one query of the plugin brings: it fails as a whole where one of them cannot be read. */
    private static final int ROWS_OF_A_QUERY = 128;

    /** How far behind an unreadable row a readable one is looked for. */
    private static final long FARTHEST = 1L << 24;

    /** Is told what there is, in order. */
    interface Taker {
        void row(BlockReader.Row row, Decoded decoded);

        /** @param to the last one; below {@code from}: nothing behind it can be read */
        void unreadable(long from, long to, String reason);
    }

    private record Read(BlockReader.Row row, Decoded decoded) {}

    private final ActorSystem system;
    private final BlockReader reader;
    private final Taker taker;
    private long next;

    /** @param oldest number of the first row; 1 where that is not known */
    EveryRow(ActorSystem system, BlockReader reader, long oldest, Taker taker) {
        this.system = system;
        this.reader = reader;
        this.taker = taker;
        next = oldest;
    }

    /** @throws CompletionException when the database cannot be asked */
    void read() {
        boolean more = true;
        while (more) {
            try {
                join(reader.rows(next, Long.MAX_VALUE)
                        .mapAsync(
                                DECODED_AT_A_TIME,
                                row -> CompletableFuture.supplyAsync(
                                        () -> new Read(row, row.decode()), system.dispatcher()))
                        .runWith(Sink.foreach(read -> take(read.row, read.decoded)), system));
                more = false;
            } catch (CompletionException e) {
                if (!StorageDamage.is(e)) {
                    throw e;
                }
                more = oneByOne(e);
            }
        }
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private void take(BlockReader.Row row, Decoded decoded) {
        taker.row(row, decoded);
        next = row.sequenceNr() + 1;
    }

    /** The rows of the query that failed, up to the unreadable one; says whether there is more behind. */
    private boolean oneByOne(Throwable failure) {
        for (long end = next + ROWS_OF_A_QUERY; next < end; next++) {
            Optional<BlockReader.Row> row;
            try {
                row = join(reader.row(next));
            } catch (CompletionException e) {
                return skip(e);
            }
            row.ifPresent(found -> taker.row(found, found.decode()));
        }
        return readable(next) || skip(failure);
    }

    private boolean skip(Throwable failure) {
        long behind = firstReadable(next);
        taker.unreadable(next, behind - 1, Text.reason(failure));
        next = behind;
        return behind > 0;
    }

    /** Number of the first readable row behind an unreadable one, found in doubling steps and then between two; 0: none. */
    private long firstReadable(long unreadable) {
        long step = 1;
        while (step <= FARTHEST && !readable(unreadable + step)) {
            step *= 2;
        }
        if (step > FARTHEST) {
            return 0;
        }
        long low = unreadable + step / 2;
        long high = unreadable + step;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (readable(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private boolean readable(long number) {
        try {
            return join(reader.row(number)).isPresent();
        } catch (CompletionException e) {
            if (!StorageDamage.is(e)) {
                throw e;
            }
            return false;
        }
    }
}
