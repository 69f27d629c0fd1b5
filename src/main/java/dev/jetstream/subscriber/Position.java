package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.event.Frames;
import dev.jetstream.event.Selection;
import dev.jetstream.stream.Encoding;

/** Where a subscriber stands: the next event it may be sent. Used by its actor alone. */
final class Position {
    private long block;
    private int event;
    private long notBeforeUs = Long.MIN_VALUE;

    /** Before the first event of a block. */
    void moveTo(long sequenceNr) {
        block = sequenceNr;
        event = 0;
    }

    /** Events before this time are passed over. */
    void notBefore(long timeUs) {
        notBeforeUs = timeUs;
    }

    /** Number of the block that the next event is in. */
    long block() {
        return block;
    }

    /** Index of the next event in its block. */
    int event() {
        return event;
    }

    private void enter(EventBlock entered) {
        if (entered.firstTimeUs() < notBeforeUs) {
            event = Math.max(event, entered.firstAtOrAfter(notBeforeUs));
        }
    }

    /**
     * Gathers what the filter lets through of the block that this position is in, and moves on.
     *
     * @param atMost events
     * @return whether the block is done: the position is then before the next one
     */
    boolean gather(EventBlock from, Filter filter, Encoding encoding, boolean shared, int atMost, WriteBatch into) {
        enter(from);
        Selection selection = from.select(filter, encoding, shared);
        if (!selection.isEmpty()) {
            Frames frames = from.frames(encoding);
            int left = atMost;
            for (int run = selection.runAt(event); run < selection.runs(); run++) {
                int start = Math.max(event, selection.from(run));
                int end = start + Math.min(selection.to(run) - start, left);
                int behind = end == start ? start : into.add(block, frames, start, end);
                event = behind;
                left -= behind - start;
                if (behind < selection.to(run)) {
                    return false;
                }
            }
        }
        moveTo(from.sequenceNr() + 1);
        return true;
    }

    /** Goes back to right behind the last event that was sent. */
    void sent(WriteBatch.Reached reached) {
        block = reached.block();
        event = reached.event() + 1;
    }

    /** Goes back to where it was before an attempt that sent nothing. */
    void reset(long toBlock, int toEvent) {
        block = toBlock;
        event = toEvent;
    }
}
