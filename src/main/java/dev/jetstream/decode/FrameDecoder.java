package dev.jetstream.decode;

import dev.jetstream.common.SeededHash;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Filter;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.FrameBatch;

/**
 * Decodes batches of upstream frames into messages: parses each frame, verifies it, encodes it. It reuses its memory, so only one
 * thread at a time may use it. Whatever is bad in a frame is counted by {@link DropReason}; no frame makes it throw.
 */
public final class FrameDecoder {
    /** Hears of bugs of the decoder. */
    public interface FaultListener {
        /**
         * Decoding a frame failed, and the rest of the frame was skipped.
         *
         * @param frame the frame's index in its batch
         */
        void onFault(RuntimeException fault, FrameBatch batch, int frame);
    }

    /** Holds the messages of nearly every batch: they are a fifth of their frames. */
    public static final int OUTPUT_BYTES = 256 * 1024;

    private final JsonOut out = new JsonOut();
    private final DecodedFrames.Builder output = new DecodedFrames.Builder();
    private final CollectionTable collections;
    private final ParsedFrame frame = new ParsedFrame();
    private final RecordHashes hashes = new RecordHashes();
    private final MessageWriter messages = new MessageWriter(out);
    private final CommitEncoder commits;
    private final FaultListener faults;
    private final Filter kept;
    private final ArrayPool pool;

    /** @param pool of arrays of {@link #OUTPUT_BYTES} for the messages of a batch; a batch that gives more gets a larger one */
    public FrameDecoder(FaultListener faults, ArrayPool pool) {
        this(faults, pool, Filter.ALL);
    }

    /**
     * @param pool as above
     * @param kept events of other collections and DIDs are dropped, as early as the frame shows it
     */
    FrameDecoder(FaultListener faults, ArrayPool pool, Filter kept) {
        this.kept = kept;
        collections = new CollectionTable(kept);
        commits = new CommitEncoder(out, messages, output, collections);
        this.faults = faults;
        this.pool = pool;
    }

    /**
     * Decodes the frames of a batch, up to and including a relay's error. Notifies the batch's reader of the relay's errors and
     * infos.
     */
    public DecodedFrames decode(FrameBatch batch) {
        out.begin(pool.take());
        commits.reset();
        collections.begin();
        output.begin(batch.count());
        for (int i = 0; i < batch.count() && !output.isEnded(); i++) {
            output.endFrame(decode(batch, i));
        }
        return output.build(out.bytes, collections.table(), batch, pool);
    }

    /** Decodes one frame; returns its seq. */
    private long decode(FrameBatch batch, int i) {
        long seq = DecodedFrames.NO_SEQ;
        try {
            frame.parse(batch.bytes(), batch.starts()[i], batch.ends()[i]);
            seq = frame.seq;
            encode(batch);
        } catch (DropReason.Rejection e) {
            out.at = output.end();
            output.drop(e.reason(), 1);
        } catch (RuntimeException e) {
            out.at = output.end();
            output.drop(DropReason.DECODER_FAULT, 1);
            faults.onFault(e, batch, i);
        }
        return seq;
    }

    private void encode(FrameBatch batch) {
        if (frame.didAt >= 0 && !kept.wantsDid(frame.in, frame.didAt, frame.didAt + frame.didLength)) {
            begin(eventKind());
            output.drop(DropReason.EXCLUDED, 1);
            return;
        }
        switch (frame.kind) {
            case COMMIT -> commit();
            case IDENTITY -> {
                begin(EventKind.IDENTITY);
                messages.identity(frame);
                finish(EventKind.IDENTITY);
            }
            case ACCOUNT -> {
                begin(EventKind.ACCOUNT);
                messages.account(frame);
                finish(EventKind.ACCOUNT);
            }
            case SYNC -> output.drop(DropReason.SYNC, 1);
            case INFO -> {
                output.drop(DropReason.INFO, 1);
                batch.reader().onInfo(frame.name, frame.message);
            }
            case ERROR -> {
                output.errorFrame();
                output.drop(DropReason.ERROR_FRAME, 1);
                batch.reader().onError(frame.name, frame.message);
            }
            case UNKNOWN -> output.drop(DropReason.UNKNOWN_KIND, 1);
        }
    }

    private void commit() {
        begin(EventKind.COMMIT);
        if (frame.tooBig) {
            output.drop(DropReason.TOO_BIG, 1);
            return;
        }
        int excluded = frame.ops.exclude(frame.in, collections);
        if (excluded > 0) {
            output.drop(DropReason.EXCLUDED, excluded);
            if (frame.ops.isEmpty()) {
                return;
            }
        }
        frame.findBlocks();
        hashes.check(frame);
        commits.encode(frame);
    }

    /** The kind of a frame that has a DID. */
    private EventKind eventKind() {
        return switch (frame.kind) {
            case IDENTITY -> EventKind.IDENTITY;
            case ACCOUNT -> EventKind.ACCOUNT;
            default -> EventKind.COMMIT;
        };
    }

    private void begin(EventKind kind) {
        long micros = Timestamps.micros(frame.in, frame.timeAt, frame.timeLength);
        if (micros == Timestamps.INVALID) {
            output.drop(DropReason.BAD_TIME, 1);
            micros = 0;
        }
        long rev = kind == EventKind.COMMIT ? Timestamps.tid(frame.in, frame.revAt, frame.revLength) : 0;
        output.frame(kind, account(kind), rev, micros);
    }

    /** A hash that the frames of one DID and kind share in this process; never 0. */
    private long account(EventKind kind) {
        long hash = SeededHash.OF_PROCESS.of(frame.in, frame.didAt, frame.didAt + frame.didLength) + kind.number();
        return hash == 0 ? 1 : hash;
    }

    private void finish(EventKind kind) {
        messages.finish();
        output.event(out.at, kind, 0, messages.didLength());
    }
}
