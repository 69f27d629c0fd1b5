package dev.jetstream.subscriber;

import dev.jetstream.common.TokenBucket;
import dev.jetstream.event.EventBlock;
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
    private final Position position = new Position();

    private TokenBucket bucket;
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

    Position position() {
        return position;
    }

    /** Sends events from this block on; until then none, for instance because a hello is required. */
    void start(long block) {
        started = true;
        position.moveTo(block, 0);
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
    void loaded(long asked, EventBlock block) {
        // A write that was taken only in part may have moved the position back since.
        if (position.block() == asked && block.sequenceNr() > asked) {
            shared.metrics().positionGone();
            position.moveTo(block.sequenceNr(), 0);
        }
        loaded = block;
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
        return shared.log().tip() + 1 - position.block();
    }

    /** Events between the position and the tip, as far as blocks in memory show. */
    long behindTip() {
        long tip = shared.log().tip();
        EventBlock newest = tip == 0 ? null : shared.log().held(tip);
        if (newest == null || position.block() > tip) {
            return 0;
        }
        EventBlock here = shared.log().held(position.block());
        long end = newest.firstOrdinal() + newest.count();
        return here == null ? end - Math.min(end, lastOrdinal) : end - here.firstOrdinal() - position.event();
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
        long fromBlock = position.block();
        int fromEvent = position.event();
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
                position.moveTo(reached.block(), reached.event() + 1);
            }
        } else if (taken < size) {
            position.moveTo(fromBlock, fromEvent);
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
        for (int blocks = 0; position.block() <= tip; blocks++) {
            if (blocks == BLOCKS_PER_WRITE || blocks > 0 && shared.nanoTime().getAsLong() - deadlineNanos >= 0) {
                return Outcome.MORE;
            }
            EventBlock block = next();
            if (block == null) {
                return Outcome.NEEDS_BLOCK;
            }
            lastOrdinal = block.firstOrdinal();
            if (!position.gather(block, filter, encoding, allowance, batch)) {
                return Outcome.MORE;
            }
            if (bucket != null && batch.size() > batch.prefix() && position.block() <= tip) {
                // What this block used of the allowance is known only after the write.
                return Outcome.MORE;
            }
        }
        atTip = true;
        return Outcome.DONE;
    }

    /** The block at the position if it is in memory, else null. */
    private EventBlock next() {
        if (loaded != null && loaded.sequenceNr() == position.block()) {
            return loaded;
        }
        loaded = null;
        return shared.log().held(position.block());
    }
}
