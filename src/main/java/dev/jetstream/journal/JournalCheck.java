package dev.jetstream.journal;

import dev.jetstream.common.Text;
import dev.jetstream.config.JournalConfig;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.codec.StoredBlock;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalPluginConfig;
import dev.jetstream.journal.store.JournalStore;
import dev.jetstream.journal.store.StorageDamage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.stream.javadsl.Sink;

/** Reads a whole journal, decodes every block, and lists what is damaged. No server may have it open. */
public final class JournalCheck {
    private static final int MAX_LISTED = 100;
    private static final int MAX_DECODED_AT_A_TIME = 4;

    /** More rows than one query of the plugin reads: it fails as a whole if one of them cannot be read. */
    private static final int ROWS_PER_QUERY = 128;

    /** After so many unreadable rows in a row it stops if the database does not know the newest one. */
    private static final long MAX_UNREADABLE = 1_000;

    /**
     * What a check found.
     *
     * @param blocks number of undamaged blocks
     * @param events number of their events
     * @param bytes their bytes in the journal
     * @param firstSequenceNr number of the oldest block, damaged or not; 0: none
     * @param lastSequenceNr number of the newest block, damaged or not; 0: none
     * @param firstTimeUs unix microseconds of the oldest undamaged event; 0: none
     * @param lastTimeUs unix microseconds of the newest undamaged event; 0: none
     * @param flaws number of flaws
     * @param firstFlaws the first 100 flaws, each a sentence that names the block
     */
    public record Report(
            long blocks,
            long events,
            long bytes,
            long firstSequenceNr,
            long lastSequenceNr,
            long firstTimeUs,
            long lastTimeUs,
            long flaws,
            List<String> firstFlaws) {

        /** Whether nothing is damaged. */
        public boolean isWhole() {
            return flaws == 0;
        }
    }

    /** Receives the progress of a check; any thread. */
    public interface Progress {
        /**
         * @param blocks blocks read so far
         * @param total approximate number of blocks
         */
        void blocks(long blocks, long total);
    }

    private record Row(BlockReader.Row row, StoredBlock decoded) {}

    private final ActorSystem system;
    private final JournalStore store;
    private final BlockReader reader;
    private final Progress progress;
    private final long oldest;
    private final long newest;
    private final List<String> listed = new ArrayList<>();
    private long next;
    private long flaws;
    private long blocks;
    private long events;
    private long bytes;
    private long firstSequenceNr;
    private long lastSequenceNr;
    private long firstTimeUs;
    private long lastTimeUs;
    private long nextOrdinal = -1;

    private JournalCheck(ActorSystem system, JournalStore store, Progress progress) {
        this.system = system;
        this.store = store;
        this.progress = progress;
        reader = new BlockReader(system);
        oldest = Math.max(1, orUnknown(store::oldest));
        newest = orUnknown(store::newest);
        next = oldest;
    }

    /**
     * Checks the configured journal. It stays locked until the actor system has ended.
     *
     * @param system has the settings {@link JournalPluginConfig#of} the same configuration
     * @return fails with {@link JournalException} if there is no journal or it cannot be opened at all
     */
    public static CompletionStage<Report> run(
            ClassicActorSystemProvider system, JournalConfig config, Progress progress) {
        ActorSystem classic = system.classicSystem();
        return CompletableFuture.supplyAsync(
                () -> {
                    JournalStore store = JournalStore.openExisting(config);
                    classic.getWhenTerminated().thenRun(store::close);
                    return new JournalCheck(classic, store, progress).read();
                },
                classic.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId()));
    }

    /** 0 if the database cannot tell. */
    private static long orUnknown(LongSupplier number) {
        try {
            return number.getAsLong();
        } catch (JournalException e) {
            if (!StorageDamage.is(e)) {
                throw e;
            }
            return 0;
        }
    }

    private Report read() {
        boolean more = true;
        while (more) {
            try {
                join(reader.rows(next, Long.MAX_VALUE)
                        .mapAsync(
                                MAX_DECODED_AT_A_TIME,
                                row -> CompletableFuture.supplyAsync(
                                        () -> new Row(row, row.decode()), system.dispatcher()))
                        .runWith(Sink.foreach(this::onRow), system));
                more = false;
            } catch (CompletionException e) {
                more = readOneByOne(ifDamage(e));
            }
        }
        store.flaws().forEach(flaw -> flaw("database: " + flaw));
        return new Report(
                blocks,
                events,
                bytes,
                firstSequenceNr,
                lastSequenceNr,
                firstTimeUs,
                lastTimeUs,
                flaws,
                List.copyOf(listed));
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static CompletionException ifDamage(CompletionException failure) {
        if (!StorageDamage.is(failure)) {
            throw failure;
        }
        return failure;
    }

    /**
     * Reads past the unreadable rows of a query that failed.
     *
     * @return whether there may be more to read
     */
    private boolean readOneByOne(CompletionException queryFailure) {
        CompletionException failure = queryFailure;
        long unreadableFrom = 0;
        long lastFound = 0;
        long end = next + ROWS_PER_QUERY;
        long number = next;
        for (; number <= end && (newest == 0 || number <= newest); number++) {
            try {
                Optional<BlockReader.Row> row = join(reader.row(number));
                if (row.isEmpty()) {
                    continue;
                }
                if (unreadableFrom != 0) {
                    onUnreadable(unreadableFrom, number - 1, failure);
                    unreadableFrom = 0;
                }
                onRow(new Row(row.get(), row.get().decode()));
                lastFound = number;
            } catch (CompletionException e) {
                failure = ifDamage(e);
                unreadableFrom = unreadableFrom == 0 ? number : unreadableFrom;
                end = newest == 0 ? unreadableFrom + MAX_UNREADABLE : number + ROWS_PER_QUERY;
            }
        }
        boolean lost = newest == 0 && lastFound == 0;
        if (lost || unreadableFrom != 0) {
            onUnreadable(unreadableFrom == 0 ? next : unreadableFrom, newest == 0 ? 0 : number - 1, failure);
        }
        next = number;
        return newest == 0 ? !lost && unreadableFrom == 0 : next <= newest;
    }

    /** @param to the last one; 0: nothing after {@code from} can be read */
    private void onUnreadable(long from, long to, Throwable failure) {
        firstSequenceNr = firstSequenceNr == 0 ? from : firstSequenceNr;
        lastSequenceNr = Math.max(from, to);
        nextOrdinal = -1;
        flaw((to == 0 ? "blocks from " + from + " on" : blocks(from, to)) + " cannot be read: " + Text.reason(failure));
    }

    private static String blocks(long from, long to) {
        return to == from ? "block " + from : "blocks " + from + " to " + to;
    }

    private void onRow(Row found) {
        long number = found.row.sequenceNr();
        next = number + 1;
        if (firstSequenceNr == 0) {
            firstSequenceNr = number;
        } else if (number != lastSequenceNr + 1) {
            flaw(blocks(lastSequenceNr + 1, number - 1) + " missing");
            nextOrdinal = -1;
        }
        lastSequenceNr = number;
        if (found.decoded instanceof Damaged damage) {
            flaw("block " + number + " cannot be read: " + damage.reason());
            nextOrdinal = -1;
            return;
        }
        EventBlock block = ((StoredBlock.Whole) found.decoded).block();
        if (block.firstTimeUs() <= lastTimeUs) {
            flaw("block " + number + " begins at " + block.firstTimeUs() + ", not after " + lastTimeUs);
        }
        if (nextOrdinal >= 0 && block.firstOrdinal() != nextOrdinal) {
            flaw("block " + number + " begins with event " + block.firstOrdinal() + " instead of " + nextOrdinal);
        }
        firstTimeUs = firstTimeUs == 0 ? block.firstTimeUs() : firstTimeUs;
        lastTimeUs = Math.max(lastTimeUs, block.lastTimeUs());
        nextOrdinal = block.firstOrdinal() + block.count();
        blocks++;
        events += block.count();
        bytes += ((JournaledBlock) found.row.stored()).bytes().length;
        if (blocks % 256 == 0) {
            progress.blocks(blocks, Math.max(0, newest - oldest + 1));
        }
    }

    private void flaw(String sentence) {
        flaws++;
        if (listed.size() < MAX_LISTED) {
            listed.add(sentence);
        }
    }
}
