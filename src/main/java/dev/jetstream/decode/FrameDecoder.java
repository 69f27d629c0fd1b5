package dev.jetstream.decode;

import dev.jetstream.event.EventKind;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.FrameBatch;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Decodes batches of upstream frames into messages. Holds scratch memory that it uses again: one thread at a time may use it.
 * What is bad in a frame is counted by {@link DropReason}; nothing that a frame holds makes it throw.
 */
public final class FrameDecoder {
    /** Told of faults of the decoder itself, frame by frame. */
    public interface FaultListener {
        /**
         * A frame's decoding failed, and the rest of the frame was skipped.
         *
         * @param frame the index of the frame in its batch
         */
        void onFault(RuntimeException fault, FrameBatch batch, int frame);
    }

    /** What the messages of nearly every batch fit in: they are a fifth of their frames. */
    public static final int OUTPUT_BYTES = 256 * 1024;

    private static final long SEED = ThreadLocalRandom.current().nextLong();

    private final JsonOut out = new JsonOut();
    private final BatchOutput output = new BatchOutput();
    private final CollectionTable collections = new CollectionTable();
    private final Ops ops = new Ops();
    private final Envelope envelope = new Envelope(ops);
    private final MessageWriter messages = new MessageWriter(out);
    private final CommitDecoder commits = new CommitDecoder(out, messages, output, collections, ops);
    private final FaultListener faults;
    private final ArrayPool pool;

    /**
     * A decoder that tells {@code faults} of its own bugs, which it survives.
     *
     * @param pool for the messages of a batch: arrays of {@link #OUTPUT_BYTES}, which grow for a batch that gives more
     */
    public FrameDecoder(FaultListener faults, ArrayPool pool) {
        this.faults = faults;
        this.pool = pool;
    }

    /** Decodes a batch. Its frames are told apart in the result, in their order; frames without an event are there too. */
    public DecodedFrames decode(FrameBatch batch) {
        out.begin(pool.take());
        commits.reset();
        collections.begin();
        output.begin(batch.count());
        for (int i = 0; i < batch.count(); i++) {
            output.endFrame(frame(batch, i));
        }
        return output.finish(out.bytes, collections.table(), batch, pool);
    }

    /** Decodes one frame; returns its seq. */
    private long frame(FrameBatch batch, int i) {
        long seq = DecodedFrames.NO_SEQ;
        try {
            int from = batch.starts()[i];
            int to = batch.ends()[i];
            envelope.read(batch.bytes(), from, to);
            seq = envelope.seq;
            message(to - from);
        } catch (Rejection e) {
            out.at = output.end();
            output.drop(e.reason(), 1);
        } catch (RuntimeException e) {
            out.at = output.end();
            output.drop(DropReason.DECODER_FAULT, 1);
            faults.onFault(e, batch, i);
        }
        return seq;
    }

    private void message(int frameBytes) {
        switch (envelope.kind) {
            case COMMIT -> commit(frameBytes);
            case IDENTITY -> {
                begin(EventKind.IDENTITY);
                messages.identity(envelope);
                finish(EventKind.IDENTITY);
            }
            case ACCOUNT -> {
                begin(EventKind.ACCOUNT);
                messages.account(envelope);
                finish(EventKind.ACCOUNT);
            }
            case SYNC -> output.drop(DropReason.SYNC, 1);
            case INFO -> output.drop(DropReason.INFO, 1);
            case ERROR -> {
                output.errorFrame();
                output.drop(DropReason.ERROR_FRAME, 1);
            }
            case UNKNOWN -> output.drop(DropReason.UNKNOWN_KIND, 1);
        }
    }

    private void commit(int frameBytes) {
        begin(EventKind.COMMIT);
        if (envelope.tooBig) {
            output.drop(DropReason.TOO_BIG, 1);
        } else {
            commits.decode(envelope, frameBytes);
        }
    }

    /** The same for all frames of one kind and DID, in this process. Not 0. */
    private long account(EventKind kind) {
        long hash = Bytes.hash(SEED + kind.number(), envelope.in, envelope.didAt, envelope.didLength);
        return hash == 0 ? 1 : hash;
    }

    private void finish(EventKind kind) {
        messages.finish();
        output.event(out.at, kind.code(), messages.didLength());
    }

    private void begin(EventKind kind) {
        output.frame(kind);
        long micros = Rfc3339.micros(envelope.in, envelope.timeAt, envelope.timeLength);
        if (micros == Rfc3339.INVALID) {
            output.drop(DropReason.BAD_TIME, 1);
            micros = 0;
        }
        long rev = kind == EventKind.COMMIT ? Tid.number(envelope.in, envelope.revAt, envelope.revLength) : 0;
        output.content(account(kind), rev, micros);
    }
}
