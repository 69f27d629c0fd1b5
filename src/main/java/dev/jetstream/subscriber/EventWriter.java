package dev.jetstream.subscriber;

import dev.jetstream.common.TokenBucket;
import dev.jetstream.event.EventBlock;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.Encoding;
import java.io.IOException;

/**
 * The way from the block log to one socket: where the subscriber stands, what waits to go out before the next event, and the
 * writes. Used by the subscriber's actor alone.
 */
final class EventWriter {
    /** Blocks looked at for one write: a narrow filter may find nothing in many. */
    private static final int BLOCKS_A_WRITE = 64;

    /** What a write came to. */
    enum Outcome {
        /** All that there is has gone out. */
        DONE,
        /** There is more to write at once. */
        MORE,
        /** The socket is full; it will say when it takes bytes again. */
        BLOCKED,
        /** The block at the position must be read from the journal first. */
        NEEDS_BLOCK,
        /** The client's address has had its share for now. */
        THROTTLED,
        /** The last byte of the end has gone out. */
        ENDED
    }

    /** What gathering came to. */
    private enum Gathered {
        ALL,
        FULL,
        NEEDS_BLOCK,
        THROTTLED
    }

    private final SubscriberSettings all;
    private final Socket socket;
    private final SubscriberEvents events;
    private final Encoding encoding;
    private final TokenBucket bucket;
    private final PendingBytes pending;
    private final Position position = new Position();

    private EventBlock loaded;
    private boolean atTip;
    private long lastOrdinal;
    private long lastSentNanos;
    private long sentEvents;

    /** @param bucket what the client's address may be sent; null: no limit */
    EventWriter(SubscriberSettings all, Socket socket, SubscriberEvents events, Encoding encoding, TokenBucket bucket) {
        this.all = all;
        this.socket = socket;
        this.events = events;
        this.encoding = encoding;
        this.bucket = bucket;
        pending = new PendingBytes(encoding);
        lastSentNanos = all.nanoTime().getAsLong();
    }

    PendingBytes pending() {
        return pending;
    }

    Position position() {
        return position;
    }

    /** A block that was read from the journal, for the next write. */
    void loaded(EventBlock block) {
        loaded = block;
    }

    /** Whether the last write that looked for events found no more of them. */
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
        return all.log().tip() + 1 - position.block();
    }

    /** Events between the position and the tip, as far as memory tells. */
    long behindTip() {
        long tip = all.log().tip();
        EventBlock newest = tip == 0 ? null : all.log().held(tip);
        if (newest == null || position.block() > tip) {
            return 0;
        }
        EventBlock here = all.log().held(position.block());
        long end = newest.firstOrdinal() + newest.count();
        return here == null ? end - Math.min(end, lastOrdinal) : end - here.firstOrdinal() - position.event();
    }

    /**
     * Makes one write: what waits in the pending, then events.
     *
     * @param filter what the subscriber wants of them; null: none may be sent now
     * @param deadlineNanos when to stop looking at further blocks
     * @throws IOException when the connection is gone
     */
    Outcome write(SharedFilters.Shared filter, long deadlineNanos) throws IOException {
        WriteBatch batch = WriteBatch.start(all.config().maxWriteBytes());
        pending.fill(batch);
        long fromBlock = position.block();
        int fromEvent = position.event();
        Gathered gathered = filter == null || pending.isClosing() ? Gathered.ALL : gather(filter, batch, deadlineNanos);
        if (!batch.isEmpty()) {
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
        if (!pending.isEmpty()) {
            return Outcome.MORE;
        }
        return switch (gathered) {
            case ALL -> Outcome.DONE;
            case FULL -> Outcome.MORE;
            case NEEDS_BLOCK -> Outcome.NEEDS_BLOCK;
            case THROTTLED -> Outcome.THROTTLED;
        };
    }

    private void account(WriteBatch batch, int taken, int size, long fromBlock, int fromEvent) {
        if (taken > 0) {
            lastSentNanos = all.nanoTime().getAsLong();
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
                position.sent(reached);
            }
        } else if (taken < size) {
            position.reset(fromBlock, fromEvent);
        }
        sentEvents += sent;
        all.metrics().delivered(sent, taken);
        if (bucket != null) {
            bucket.take(sent);
        }
    }

    private Gathered gather(SharedFilters.Shared filter, WriteBatch batch, long deadlineNanos) {
        int allowance = bucket == null ? Integer.MAX_VALUE : bucket.available();
        if (allowance == 0) {
            return Gathered.THROTTLED;
        }
        atTip = false;
        events.newsTaken();
        long tip = all.log().tip();
        for (int blocks = 0; position.block() <= tip; blocks++) {
            if (blocks == BLOCKS_A_WRITE || blocks > 0 && all.nanoTime().getAsLong() - deadlineNanos >= 0) {
                return Gathered.FULL;
            }
            EventBlock block = next();
            if (block == null) {
                return Gathered.NEEDS_BLOCK;
            }
            lastOrdinal = block.firstOrdinal();
            if (!position.gather(block, filter.filter(), encoding, filter.isShared(), allowance, batch)) {
                return Gathered.FULL;
            }
            if (bucket != null && batch.size() > batch.prefix() && position.block() <= tip) {
                // The allowance is for one block's worth: what this one took of it is known only after the write.
                return Gathered.FULL;
            }
        }
        atTip = true;
        return Gathered.ALL;
    }

    /** The block at the position when it is in memory, else null. */
    private EventBlock next() {
        if (loaded != null && loaded.sequenceNr() == position.block()) {
            return loaded;
        }
        loaded = null;
        return all.log().held(position.block());
    }
}
