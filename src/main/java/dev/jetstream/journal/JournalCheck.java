package dev.jetstream.journal;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.event.EventBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.stream.javadsl.Sink;

/** Reads a whole journal, decodes every block, and says whether it is whole. No server may have it open. */
public final class JournalCheck {
    private static final int DECODED_AT_A_TIME = 4;
    private static final int MOST_LISTED = 100;

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

    private JournalCheck() {}

    /**
     * Checks the journal that is configured. It is locked for as long as this takes, and released when the actor system has ended.
     *
     * @param system was made with {@link JournalPluginConfig#of} of the same configuration
     * @param progress told how many blocks were read, now and then; any thread
     * @return fails with {@link JournalException} if there is no journal, or it cannot be opened at all
     */
    public static CompletionStage<Report> run(
            ClassicActorSystemProvider system, JournalConfig config, LongConsumer progress) {
        ActorSystem classic = system.classicSystem();
        return CompletableFuture.supplyAsync(
                        () -> JournalStore.openExisting(config),
                        classic.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId()))
                .thenCompose(store -> new JournalCheck()
                        .read(classic, progress)
                        .whenComplete(
                                (report, failure) -> classic.getWhenTerminated().thenRun(store::close)));
    }

    private record Read(BlockReader.Row row, Decoded decoded) {}

    private CompletionStage<Report> read(ActorSystem system, LongConsumer progress) {
        return new BlockReader(system)
                .rows(1, Long.MAX_VALUE)
                .mapAsync(
                        DECODED_AT_A_TIME,
                        row -> CompletableFuture.supplyAsync(() -> new Read(row, decode(row)), system.dispatcher()))
                .runWith(
                        Sink.foreach(read -> {
                            take(read);
                            if (blocks % 1024 == 0) {
                                progress.accept(blocks);
                            }
                        }),
                        system)
                .thenApply(done -> report());
    }

    private static Decoded decode(BlockReader.Row row) {
        return row.stored() instanceof JournaledBlock block ? BlockCodec.decode(block) : (Damaged) row.stored();
    }

    private void take(Read read) {
        long number = read.row.sequenceNr();
        if (firstSequenceNr == 0) {
            firstSequenceNr = number;
        } else if (number != lastSequenceNr + 1) {
            flaw("blocks " + (lastSequenceNr + 1) + " to " + (number - 1) + " are missing");
            nextOrdinal = -1;
        }
        lastSequenceNr = number;
        if (read.decoded instanceof Damaged damage) {
            flaw("block " + number + " cannot be read: " + damage.reason());
            nextOrdinal = -1;
            return;
        }
        EventBlock block = ((Decoded.Whole) read.decoded).block();
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
        bytes += ((JournaledBlock) read.row.stored()).bytes().length;
    }

    private void flaw(String sentence) {
        flaws++;
        if (listed.size() < MOST_LISTED) {
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
