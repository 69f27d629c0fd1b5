package dev.jetstream.journal.write;

import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.journal.codec.StoredBlock;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the journal ends, and so where ingest resumes.
 *
 * @param lastSequenceNr number of the newest block; 0: none
 * @param lastTimeUs time of its last event, unix microseconds; 0: none
 * @param nextOrdinal the next event's running number
 * @param upstream the last upstream frames covered: by the newest block, or later ones that gave no event
 * @param lastReadable number of the newest undamaged block; 0: none
 */
public record JournalEnd(
        long lastSequenceNr, long lastTimeUs, long nextOrdinal, RelaySeqs upstream, long lastReadable) {
    /** The end of an empty journal. */
    public static final JournalEnd EMPTY = new JournalEnd(0, 0, 0, RelaySeqs.NONE, 0);

    /** The same end, with another upstream position. */
    JournalEnd with(RelaySeqs newUpstream) {
        return new JournalEnd(lastSequenceNr, lastTimeUs, nextOrdinal, newUpstream, lastReadable);
    }

    /** The end of a journal whose newest block is this one. */
    static JournalEnd after(EventBlock newest) {
        return new JournalEnd(
                newest.sequenceNr(),
                newest.lastTimeUs(),
                newest.firstOrdinal() + newest.count(),
                newest.upstream(),
                newest.sequenceNr());
    }

    /**
     * Finds the end. It is the newest block. If that is damaged and the operator chose to skip, it is derived from the newest
     * undamaged one, and the relay is asked again for everything after that.
     *
     * <pre>
     *   … whole, whole, damaged, damaged │ the next block
     *             │ relay's seq          └ number, running number and time are above any that the damaged ones may have used
     * </pre>
     */
    public static final class Reader {
        private static final Logger LOG = LoggerFactory.getLogger(JournalEnd.class);

        private static final int MAX_DAMAGED = 10_000;
        private static final long MAX_EVENTS_PER_BLOCK = 1_000_000;

        /** How far a block's times may be ahead of the clock at the time of writing. */
        private static final long MAX_AHEAD_US = TimeUnit.SECONDS.toMicros(1);

        /** A row's time of writing further ahead of the clock than this is damaged as well. */
        private static final long MAX_WRITTEN_AHEAD_US = TimeUnit.DAYS.toMicros(1);

        private final ActorSystem system;
        private final BlockReader reader;
        private final String place;
        private final OnDamage onDamage;
        private final LongSupplier wallUs;

        private record Look(StoredBlock decoded, long writtenMillis) {
            boolean isWhole() {
                return decoded instanceof StoredBlock.Whole;
            }
        }

        public Reader(ActorSystem system, BlockReader reader, String place, OnDamage onDamage, LongSupplier wallUs) {
            this.system = system;
            this.reader = reader;
            this.place = place;
            this.onDamage = onDamage;
            this.wallUs = wallUs;
        }

        /**
         * Reads the end.
         *
         * @param oldest number of the oldest block
         * @param last number of the newest block, which may be damaged
         * @return fails with {@link JournalException} if it is damaged and cannot or must not be skipped
         */
        public CompletionStage<JournalEnd> read(long oldest, long last) {
            long lowest = onDamage == OnDamage.STOP ? last : Math.max(Math.max(1, oldest), last - MAX_DAMAGED);
            return Source.unfold(last, n -> n < lowest ? Optional.empty() : Optional.of(Pair.create(n - 1, n)))
                    .mapAsync(1, this::look)
                    .takeWhile(look -> !look.isWhole(), true)
                    .runWith(Sink.seq(), system)
                    .thenApply(looks -> end(last, looks));
        }

        private CompletionStage<Look> look(long number) {
            return reader.rowOrDamage(number)
                    .thenApply(row -> row.map(found -> new Look(found.decode(), found.writtenMillis()))
                            .orElseGet(() -> new Look(new Damaged("it is missing"), 0)));
        }

        private JournalEnd end(long last, List<Look> newestFirst) {
            Look oldestLook = newestFirst.get(newestFirst.size() - 1);
            JournalEnd whole = oldestLook.decoded instanceof StoredBlock.Whole found ? after(found.block()) : EMPTY;
            if (!(newestFirst.get(0).decoded instanceof Damaged damage)) {
                return whole;
            }
            if (damage.newer()) {
                throw new JournalException("journal " + place + " was written by a newer version of this program ("
                        + damage.reason() + "); upgrade, or set jetstream.journal.data-dir to another directory");
            }
            if (onDamage == OnDamage.STOP) {
                throw new JournalException("the newest block, " + last + ", of journal " + place + " is damaged ("
                        + damage.reason()
                        + "); set jetstream.journal.on-damage = skip to resume from the newest undamaged one,"
                        + " restore it from a copy, or move it away to start with an empty journal");
            }
            if (whole == EMPTY && newestFirst.size() > MAX_DAMAGED) {
                throw new JournalException("the newest " + MAX_DAMAGED + " blocks of journal " + place
                        + " are damaged; restore it from a copy, or move it away to start with an empty journal");
            }
            return skipped(last, newestFirst, damage, whole);
        }

        private JournalEnd skipped(long last, List<Look> newestFirst, Damaged damage, JournalEnd whole) {
            long damaged = newestFirst.size() - (whole == EMPTY ? 0 : 1);
            long latestUs = wallUs.getAsLong() + MAX_WRITTEN_AHEAD_US;
            long writtenUs = newestFirst.stream()
                    .mapToLong(look -> TimeUnit.MILLISECONDS.toMicros(look.writtenMillis() + 1))
                    .filter(us -> us <= latestUs)
                    .max()
                    .orElse(0);
            LOG.error(
                    "the newest blocks of the journal are damaged and skipped; those of their events that the relay still"
                            + " has are ingested again, with new times place={} first={} last={} reason={} seq={}",
                    place,
                    last - damaged + 1,
                    last,
                    damage.reason(),
                    whole.upstream().seqs());
            return new JournalEnd(
                    last,
                    Math.max(whole.lastTimeUs(), writtenUs) + MAX_AHEAD_US,
                    whole.nextOrdinal() + damaged * MAX_EVENTS_PER_BLOCK,
                    whole.upstream(),
                    whole.lastSequenceNr());
        }
    }
}
