package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What a subscriber asks the journal: first where its cursor is, then for blocks that are not in memory. One question at a time;
 * each answer comes as a message and moves the writer. Used by the subscriber's actor alone.
 */
final class PositionReader {
    /** What the journal said. */
    sealed interface Answer extends Subscriber.Command permits Found, Loaded {
        /** Why the journal cannot be read; else null. */
        Throwable failure();
    }

    /** The block in which a cursor is, and the tip when it was asked for. */
    record Found(long sequenceNr, long tipThen, long cursorUs, Throwable failure) implements Answer {}

    /** The block that was asked for by its number; the oldest one where retention has taken that. */
    record Loaded(long asked, EventBlock block, Throwable failure) implements Answer {}

    private final ActorContext<Subscriber.Command> context;
    private final SubscriberSettings all;
    private final EventWriter writer;
    private boolean begun;
    private boolean asking;

    PositionReader(ActorContext<Subscriber.Command> context, SubscriberSettings all, EventWriter writer) {
        this.context = context;
        this.all = all;
        this.writer = writer;
    }

    /** Whether the subscriber takes part in the stream: its hello, if one was required, has come. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether the position is known and no answer is waited for: events may be sent. */
    boolean isReady() {
        return begun && !asking;
    }

    /** Begins at the tip of this moment, or asks for the place of a cursor in unix microseconds. */
    void begin(OptionalLong cursorUs) {
        begun = true;
        long tip = all.log().tip();
        writer.position().moveTo(tip + 1);
        if (cursorUs.isPresent()) {
            asking = true;
            long cursor = cursorUs.getAsLong();
            context.pipeToSelf(
                    all.log().find(cursor),
                    (found, failure) -> new Found(failure == null ? found : 0, tip, cursor, failure));
        }
    }

    /** Asks for the block at the position. */
    void load() {
        asking = true;
        long asked = writer.position().block();
        context.pipeToSelf(all.log().read(asked), (block, failure) -> new Loaded(asked, block, failure));
    }

    /** Goes to where an answer leads; one that tells of a failure leads nowhere. */
    void onAnswer(Answer answer) {
        asking = false;
        if (answer.failure() != null) {
            return;
        }
        if (answer instanceof Found found) {
            onFound(found);
        } else if (answer instanceof Loaded loaded) {
            onLoaded(loaded);
        }
    }

    private void onFound(Found found) {
        boolean aboveNewest = found.sequenceNr() > found.tipThen();
        if (!aboveNewest || found.cursorUs() <= all.clockUs().getAsLong()) {
            all.metrics().replayStarted();
            writer.position().moveTo(Math.min(found.sequenceNr(), found.tipThen() + 1));
            writer.position().notBefore(found.cursorUs());
        }
    }

    private void onLoaded(Loaded loaded) {
        // A write that was taken only in part may have brought the position back since.
        if (writer.position().block() == loaded.asked() && loaded.block().sequenceNr() > loaded.asked()) {
            all.metrics().positionGone();
            writer.position().moveTo(loaded.block().sequenceNr());
        }
        writer.loaded(loaded.block());
    }
}
