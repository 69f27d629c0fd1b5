package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Frames;
import dev.jetstream.event.Selection;
import dev.jetstream.stream.Encoding;

/** A subscriber's position in the log: the next event that it may be sent. Used by its actor alone. */
final class Position {
    private long block;
    private int event;
    private long notBeforeUs = Long.MIN_VALUE;

    void moveTo(long toBlock, int toEvent) {
        block = toBlock;
        event = toEvent;
    }

    /** Events before this time are skipped. */
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

    /**
     * Gathers the events of the block at this position that pass the filter, and moves past them.
     *
     * @param maxEvents to gather
     * @return whether the block is done: the position is then before the next one
     */
    boolean gather(EventBlock from, SharedFilters.Shared filter, Encoding encoding, int maxEvents, WriteBatch into) {
        if (from.firstTimeUs() < notBeforeUs) {
            event = Math.max(event, from.firstAtOrAfter(notBeforeUs));
        }
        Selection selection = from.select(filter.filter(), encoding, filter.isShared());
        if (selection.count() > 0) {
            Frames frames = from.frames(encoding);
            int left = maxEvents;
            for (int run = selection.runAt(event); run < selection.runs(); run++) {
                int start = Math.max(event, selection.from(run));
                int end = start + Math.min(selection.to(run) - start, left);
                event = end == start ? start : into.add(block, frames, start, end);
                left -= event - start;
                if (event < selection.to(run)) {
                    return false;
                }
            }
        }
        moveTo(from.sequenceNr() + 1, 0);
        return true;
    }
}
