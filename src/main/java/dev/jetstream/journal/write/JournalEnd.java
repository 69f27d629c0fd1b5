package dev.jetstream.journal.write;

import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.Damaged;
import dev.jetstream.journal.codec.Decoded;
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
 * Finds where a journal ends: its newest block says it all. Where that one is damaged, and the operator chose to skip, the newest
 * whole one does, and the relay is asked for what came behind it once more.
 *
 * <pre>
 *   … whole, whole, damaged, damaged │ the next block
 *             │ relay's seq          └ number, running number and time are above all that the damaged ones may have given out
 * </pre>
 */
public final class JournalEnd {
    private static final Logger LOG = LoggerFactory.getLogger(JournalEnd.class);

    /** Damaged blocks after which it gives up: this is no end of a journal any more. */
    private static final int MAX_DAMAGED = 10_000;

    /** More events than any block may have. */
    private static final long EVENTS_OF_A_BLOCK = 1_000_000;

    /** Times of a block's events that were still ahead of the clock when it was written. */
    private static final long AHEAD_US = TimeUnit.SECONDS.toMicros(1);

    /** A time of writing that is further ahead of the clock than this is damaged, too. */
    private static final long BELIEVED_US = TimeUnit.DAYS.toMicros(1);

    private final ActorSystem system;
    private final BlockReader reader;
    private final String place;
    private final OnDamage onDamage;
    private final LongSupplier wallUs;

    /**
     * What was found.
     *
     * @param state where ingest goes on
     * @param newestWhole number of the newest block that readers can be given; 0: none
     */
    public record Found(JournalState state, long newestWhole) {
        public static final Found EMPTY = new Found(JournalState.EMPTY, 0);
    }

    /** One block looked at. */
    private record Look(long sequenceNr, Decoded decoded, long writtenMillis) {
        boolean isWhole() {
            return decoded instanceof Decoded.Whole;
        }
    }

    public JournalEnd(ActorSystem system, BlockReader reader, String place, OnDamage onDamage, LongSupplier wallUs) {
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
     * @param last number of the newest one, which may be damaged
     * @return fails with {@link JournalException} where it is damaged, and cannot or shall not be skipped
     */
    public CompletionStage<Found> read(long oldest, long last) {
        long lowest = onDamage == OnDamage.STOP ? last : Math.max(Math.max(1, oldest), last - MAX_DAMAGED);
        return Source.unfold(last, n -> n < lowest ? Optional.empty() : Optional.of(Pair.create(n - 1, n)))
                .mapAsync(1, this::look)
                .takeWhile(look -> !look.isWhole(), true)
                .runWith(Sink.seq(), system)
                .thenApply(looks -> found(last, looks));
    }

    private CompletionStage<Look> look(long number) {
        return reader.rowOrDamage(number)
                .thenApply(row -> row.map(found -> new Look(number, found.decode(), found.writtenMillis()))
                        .orElseGet(() -> new Look(number, new Damaged("it is not there"), 0)));
    }

    private Found found(long last, List<Look> newestFirst) {
        Look first = newestFirst.get(0);
        Look whole = newestFirst.get(newestFirst.size() - 1);
        if (first.isWhole()) {
            return new Found(JournalState.after(((Decoded.Whole) first.decoded).block()), last);
        }
        Damaged damage = (Damaged) first.decoded;
        if (damage.newer() || onDamage == OnDamage.STOP) {
            throw refusal(last, damage);
        }
        if (!whole.isWhole() && newestFirst.size() > MAX_DAMAGED) {
            throw new JournalException("the newest " + MAX_DAMAGED + " blocks of journal " + place
                    + " are damaged; restore it from a copy, or move it away to start with an empty journal");
        }
        return skipped(last, newestFirst, damage, whole.isWhole() ? ((Decoded.Whole) whole.decoded).block() : null);
    }

    /** @param whole the newest whole block; null: none */
    private Found skipped(long last, List<Look> newestFirst, Damaged damage, EventBlock whole) {
        JournalState end = whole == null ? JournalState.EMPTY : JournalState.after(whole);
        long damaged = newestFirst.size() - (whole == null ? 0 : 1);
        long believedUs = wallUs.getAsLong() + BELIEVED_US;
        long writtenUs = newestFirst.stream()
                .mapToLong(look -> TimeUnit.MILLISECONDS.toMicros(look.writtenMillis() + 1))
                .filter(us -> us <= believedUs)
                .max()
                .orElse(0);
        LOG.error(
                "newest blocks of the journal are damaged and skipped: what the relay still has of their events comes again,"
                        + " with new times place={} first={} last={} reason={} seq={}",
                place,
                last - damaged + 1,
                last,
                damage.reason(),
                end.upstream().seqs());
        return new Found(
                new JournalState(
                        last,
                        Math.max(end.lastTimeUs(), writtenUs) + AHEAD_US,
                        end.nextOrdinal() + damaged * EVENTS_OF_A_BLOCK,
                        end.upstream()),
                end.lastSequenceNr());
    }

    private JournalException refusal(long last, Damaged damage) {
        return damage.newer()
                ? new JournalException("journal " + place + " was written by a newer version of this program ("
                        + damage.reason() + "); upgrade, or set jetstream.journal.data-dir to another directory")
                : new JournalException("the newest block, " + last + ", of journal " + place + " is damaged ("
                        + damage.reason()
                        + "); set jetstream.journal.on-damage = skip to go on from the newest whole one,"
                        + " restore it from a copy, or move it away to start with an empty journal");
    }
}
