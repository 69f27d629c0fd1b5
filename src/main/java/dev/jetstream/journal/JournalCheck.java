package dev.jetstream.journal;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.Damaged;
import dev.jetstream.journal.codec.Decoded;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalPluginConfig;
import dev.jetstream.journal.store.JournalStore;
import dev.jetstream.journal.store.StorageDamage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.dispatch.Dispatchers;

/** Reads a whole journal, decodes every block, and says whether it is whole. No server may have it open. */
public final class JournalCheck implements EveryRow.Taker {
    private static final int MAX_LISTED = 100;

    /**
     * What a check found.
     *
     * @param blocks blocks that could be read
     * @param events events in these
     * @param bytes bytes of these in the journal
     * @param firstSequenceNr number of the oldest block, readable or not; 0: none
     * @param lastSequenceNr number of the newest block, readable or not; 0: none
     * @param firstTimeUs unix microseconds of the oldest event that could be read; 0: none
     * @param lastTimeUs unix microseconds of the newest event that could be read; 0: none
     * @param flaws how much is wrong
     * @param firstFlaws the first 100 of these, each a sentence that names the block
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

        /** Whether nothing is wrong. */
        public boolean isWhole() {
            return flaws == 0;
        }
    }

    /** Told how far a check has come; any thread. */
    public interface Progress {
        /**
         * Called now and then.
         *
         * @param blocks blocks read so far
         * @param total about how many there are
         */
        void blocks(long blocks, long total);
    }

    private final Progress progress;
    private long total;
    private final List<String> listed = new ArrayList<>();
    private long flaws;
    private long blocks;
    private long events;
    private long bytes;
    private long firstSequenceNr;
    private long lastSequenceNr;
    private long firstTimeUs;
    private long lastTimeUs;
    private long nextOrdinal = -1;

    private JournalCheck(Progress progress) {
        this.progress = progress;
    }

    /**
     * Checks the journal that is configured. It is locked for as long as this takes, and released when the actor system has
     * ended.
     *
     * @param system was made with {@link JournalPluginConfig#of} of the same configuration
     * @return fails with {@link JournalException} if there is no journal, or it cannot be opened at all
     */
    public static CompletionStage<Report> run(
            ClassicActorSystemProvider system, JournalConfig config, Progress progress) {
        ActorSystem classic = system.classicSystem();
        return CompletableFuture.supplyAsync(
                () -> {
                    JournalStore store = JournalStore.openExisting(config);
                    classic.getWhenTerminated().thenRun(store::close);
                    return new JournalCheck(progress).read(classic, store);
                },
                classic.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId()));
    }

    private Report read(ActorSystem system, JournalStore store) {
        long oldest = Math.max(1, orUnknown(store::oldest));
        total = Math.max(0, orUnknown(store::newest) - oldest + 1);
        new EveryRow(system, new BlockReader(system), oldest, this).read();
        store.flaws().forEach(flaw -> flaw("database: " + flaw));
        return report();
    }

    /** 0 where the database cannot tell. */
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

    @Override
    public void unreadable(long from, long to, String reason) {
        firstSequenceNr = firstSequenceNr == 0 ? from : firstSequenceNr;
        lastSequenceNr = Math.max(from, to);
        nextOrdinal = -1;
        flaw((to < from ? "blocks from " + from + " on" : blocks(from, to)) + " cannot be read: " + reason);
    }

    private static String blocks(long from, long to) {
        return to == from ? "block " + from : "blocks " + from + " to " + to;
    }

    @Override
    public void row(BlockReader.Row row, Decoded decoded) {
        long number = row.sequenceNr();
        if (firstSequenceNr == 0) {
            firstSequenceNr = number;
        } else if (number != lastSequenceNr + 1) {
            flaw(blocks(lastSequenceNr + 1, number - 1) + " missing");
            nextOrdinal = -1;
        }
        lastSequenceNr = number;
        if (decoded instanceof Damaged damage) {
            flaw("block " + number + " cannot be read: " + damage.reason());
            nextOrdinal = -1;
            return;
        }
        EventBlock block = ((Decoded.Whole) decoded).block();
        if (block.firstTimeUs() <= lastTimeUs) {
            flaw("block " + number + " begins at " + block.firstTimeUs() + ", not after " + lastTimeUs);
        }
        if (nextOrdinal >= 0 && block.firstOrdinal() != nextOrdinal) {
            flaw("block " + number + " begins with event " + block.firstOrdinal() + " in place of " + nextOrdinal);
        }
        firstTimeUs = firstTimeUs == 0 ? block.firstTimeUs() : firstTimeUs;
        lastTimeUs = Math.max(lastTimeUs, block.lastTimeUs());
        nextOrdinal = block.firstOrdinal() + block.count();
        blocks++;
        events += block.count();
        bytes += ((JournaledBlock) row.stored()).bytes().length;
        if (blocks % 256 == 0) {
            progress.blocks(blocks, total);
        }
    }

    private void flaw(String sentence) {
        flaws++;
        if (listed.size() < MAX_LISTED) {
            listed.add(sentence);
        }
    }

    private Report report() {
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
}
