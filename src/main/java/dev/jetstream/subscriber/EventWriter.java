package dev.jetstream.subscriber;

import dev.jetstream.common.TokenBucket;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Frames;
import dev.jetstream.event.Selection;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.Encoding;
import dev.jetstream.subscriber.Subscribers.Shared;
import java.io.IOException;

/**
 * Writes events from the log to one socket: holds the position, what must go out before the next event, and the counts. Used by the
 * subscriber's actor alone.
 */
final class EventWriter {
    /** Blocks examined for one write: a narrow filter may find nothing in many. */
    private static final int BLOCKS_PER_WRITE = 64;

    /** The outcome of a write. */
    enum Outcome {
        /** Nothing is left to write. */
        DONE,
        /** There is more to write at once. */
        MORE,
        /** The socket is full; it reports when it takes bytes again. */
        BLOCKED,
        /** The block at the position must be read from the journal first. */
        NEEDS_BLOCK,
        /** The client's address has used up its rate for now. */
        THROTTLED,
        /** The last byte of the close frame has gone out. */
        ENDED
    }

    private final Shared shared;
    private final Socket socket;
    private final Inbox inbox;
    private final Encoding encoding;
    private final PendingBytes pending;

    private TokenBucket bucket;
    private long block;
    private int event;
    private long notBeforeUs = Long.MIN_VALUE;
    private EventBlock loaded;
    private boolean started;
    private boolean waiting;
    private boolean atTip;
    private long lastOrdinal;
    private long lastSentNanos;
    private long sentEvents;

    EventWriter(Shared shared, Socket socket, Inbox inbox, Encoding encoding) {
        this.shared = shared;
        this.socket = socket;
        this.inbox = inbox;
        this.encoding = encoding;
        pending = new PendingBytes(encoding);
        lastSentNanos = shared.nanoTime().getAsLong();
    }

    /** @param bucket what the client's address may be sent; null: no limit */
    void limitTo(TokenBucket bucket) {
        this.bucket = bucket;
    }

    PendingBytes pending() {
        return pending;
    }

    /** Number of the block that the next event is in: the position, with the event's index there. */
    long block() {
        return block;
    }

    /** Continues with this event of a block. */
    private void moveTo(long toBlock, int toEvent) {
        block = toBlock;
        event = toEvent;
    }

    /** Continues with this block, and skips events before a time. */
    void seek(long toBlock, long notBefore) {
        moveTo(toBlock, 0);
        notBeforeUs = notBefore;
    }

    /** Sends events from this block on; until then none, for instance because a hello is required. */
    void start(long firstBlock) {
        started = true;
        moveTo(firstBlock, 0);
    }

    boolean hasStarted() {
        return started;
    }

    /** Sends no events until {@link #resume()}: an answer of the journal moves the position. */
    void awaitBlock() {
        waiting = true;
    }

    void resume() {
        waiting = false;
    }

    /** Whether events may be sent. */
    boolean isReady() {
        return started && !waiting && !pending.isClosing();
    }

    /** The block that was asked for, or the oldest one if retention has deleted it. */
    void loaded(long asked, EventBlock found) {
        // A write that was taken only in part may have moved the position back since.
        if (block == asked && found.sequenceNr() > asked) {
            shared.metrics().positionGone();
            moveTo(found.sequenceNr(), 0);
        }
        loaded = found;
    }

    /** Whether the last write that looked for events reached the tip. */
    boolean isAtTip() {
        return atTip;
    }

    /** When the socket last took bytes; at first, when it was opened. */
    long lastSentNanos() {
        return lastSentNanos;
    }

    /** Events handed to the socket so far. */
    long sentEvents() {
        return sentEvents;
    }

    /** Blocks between the position and the tip. */
    long blocksBehind() {
        return shared.log().tip() + 1 - block;
    }

    /** Events between the position and the tip, as far as blocks in memory show. */
    long behindTip() {
        long tip = shared.log().tip();
        EventBlock newest = tip == 0 ? null : shared.log().held(tip);
        if (newest == null || block > tip) {
            return 0;
        }
        EventBlock here = shared.log().held(block);
        long end = newest.firstOrdinal() + newest.count();
        return here == null ? end - Math.min(end, lastOrdinal) : end - here.firstOrdinal() - event;
    }

    /**
     * Makes one write: pending bytes, then events.
     *
     * @param filter of the events; null: send none now
     * @param deadlineNanos when to stop examining further blocks
     * @throws IOException if the connection is gone
     */
    Outcome write(SharedFilters.Shared filter, long deadlineNanos) throws IOException {
        WriteBatch batch = WriteBatch.start(shared.config().maxWriteBytes());
        pending.fill(batch);
        long fromBlock = block;
        int fromEvent = event;
        Outcome gathered = filter == null || pending.isClosing() ? Outcome.DONE : gather(filter, batch, deadlineNanos);
        if (batch.size() > 0) {
            int size = batch.size();
            int taken = socket.write(batch.flip());
            account(batch, taken, size, fromBlock, fromEvent);
            if (taken < size) {
                // A stalled socket must not keep a block alive; the log has it.
                loaded = null;
                socket.awaitWritable();
                return Outcome.BLOCKED;
            }
            if (pending.isClosed()) {
                return Outcome.ENDED;
            }
        }
        return pending.isEmpty() ? gathered : Outcome.MORE;
    }

    private void account(WriteBatch batch, int taken, int size, long fromBlock, int fromEvent) {
        if (taken > 0) {
            lastSentNanos = shared.nanoTime().getAsLong();
        }
        pending.taken(Math.min(taken, batch.prefix()));
        WriteBatch.Reached reached = batch.reached(taken);
        int sent = 0;
        if (reached != null) {
            sent = reached.whole();
            if (reached.isPartial()) {
                pending.keep(reached);
                sent++;
            }
            if (taken < size || reached.isPartial()) {
                moveTo(reached.block(), reached.event() + 1);
            }
        } else if (taken < size) {
            moveTo(fromBlock, fromEvent);
        }
        sentEvents += sent;
        shared.metrics().delivered(sent, taken);
        if (bucket != null) {
            bucket.take(sent);
        }
    }

    private Outcome gather(SharedFilters.Shared filter, WriteBatch batch, long deadlineNanos) {
        int allowance = bucket == null ? Integer.MAX_VALUE : bucket.available();
        if (allowance == 0) {
            return Outcome.THROTTLED;
        }
        atTip = false;
        inbox.newBlocksSeen();
        long tip = shared.log().tip();
        for (int blocks = 0; block <= tip; blocks++) {
            if (blocks == BLOCKS_PER_WRITE || blocks > 0 && shared.nanoTime().getAsLong() - deadlineNanos >= 0) {
                return Outcome.MORE;
            }
            EventBlock next = next();
            if (next == null) {
                return Outcome.NEEDS_BLOCK;
            }
            lastOrdinal = next.firstOrdinal();
            if (!gather(next, filter, allowance, batch)) {
                return Outcome.MORE;
            }
            if (bucket != null && batch.size() > batch.prefix() && block <= tip) {
                // What this block used of the allowance is known only after the write.
                return Outcome.MORE;
            }
        }
        atTip = true;
        return Outcome.DONE;
    }

    /**
     * Gathers the events of the block at this position that pass the filter, and moves past them.
     *
     * @param maxEvents to gather
     * @return whether the block is done: the position is then before the next one
     */
    private boolean gather(EventBlock from, SharedFilters.Shared filter, int maxEvents, WriteBatch into) {
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

    /** The block at the position if it is in memory, else null. */
    private EventBlock next() {
        if (loaded != null && loaded.sequenceNr() == block) {
            return loaded;
        }
        loaded = null;
        return shared.log().held(block);
    }
}
