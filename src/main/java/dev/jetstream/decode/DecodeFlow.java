package dev.jetstream.decode;

import dev.jetstream.common.LogThrottle;
import dev.jetstream.config.JetstreamConfig.DecodeConfig;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.FrameBatch;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes batches in parallel, the order kept. What the relay sends cannot fail the stream, and neither does a fault of the
 * decoder: that costs one frame, counted as {@link DropReason#DECODER_FAULT}, and a line in the log.
 *
 * <pre>
 *   FrameBatch ──&gt; mapAsync(parallelism): a decoder from the pool ──&gt; DecodedFrames
 * </pre>
 *
 * It holds as many batches as it decodes; the sequencer bounds those that wait after it.
 */
public final class DecodeFlow {
    private static final Logger LOG = LoggerFactory.getLogger(DecodeFlow.class);
    /** As many as may be on their way when blocks are large, and no more than some MiB. */
    private static final int IDLE_OUTPUTS = 24;

    /** Fewer bytes are decoded sooner than another thread has woken to do it. */
    private static final int MAX_DECODED_HERE = 64 * 1024;

    private final DecodeConfig config;
    private final Executor executor;
    private final ArrayPool outputs = new ArrayPool(FrameDecoder.OUTPUT_BYTES, IDLE_OUTPUTS);
    private final ConcurrentLinkedQueue<FrameDecoder> idle = new ConcurrentLinkedQueue<>();
    private final AtomicLong faults = new AtomicLong();
    private final LogThrottle faultLog = new LogThrottle();

    private DecodeFlow(DecodeConfig config, Executor executor) {
        this.config = config;
        this.executor = executor;
    }

    /**
     * A flow that may be materialized again and again; its decoders are shared by all.
     *
     * @param executor runs the decoders, which do not block
     */
    public static Flow<FrameBatch, DecodedFrames, NotUsed> create(DecodeConfig config, Executor executor) {
        return new DecodeFlow(config, executor).flow();
    }

    private Flow<FrameBatch, DecodedFrames, NotUsed> flow() {
        return Flow.of(FrameBatch.class).mapAsync(parallelism(config), this::decodeSomewhere);
    }

    /** More than the cores can decode would only hold memory: the Go server's usual value is 100. */
    static int parallelism(DecodeConfig config) {
        return Math.min(config.parallelism(), Runtime.getRuntime().availableProcessors());
    }

    private CompletionStage<DecodedFrames> decodeSomewhere(FrameBatch batch) {
        return batch.bytes().length <= MAX_DECODED_HERE
                ? CompletableFuture.completedFuture(decode(batch))
                : CompletableFuture.supplyAsync(() -> decode(batch), executor);
    }

    private DecodedFrames decode(FrameBatch batch) {
        FrameDecoder pooled = idle.poll();
        FrameDecoder decoder = pooled != null ? pooled : new FrameDecoder(this::onFault, outputs);
        try {
            DecodedFrames decoded = decoder.decode(batch);
            idle.add(decoder);
            return decoded;
        } catch (RuntimeException e) {
            // The decoder is not used again: nobody knows what state it is in.
            onFault(e, batch, 0);
            return nothing(batch);
        } finally {
            batch.release();
        }
    }

    private void onFault(RuntimeException fault, FrameBatch batch, int frame) {
        long count = faults.incrementAndGet();
        if (faultLog.permits()) {
            LOG.error(
                    "the decoder failed, which is a bug: its frame is skipped; frame_bytes={} faults_so_far={}",
                    batch.ends()[frame] - batch.starts()[frame],
                    count,
                    fault);
        }
    }

    private static DecodedFrames nothing(FrameBatch batch) {
        long[] seqs = new long[batch.count()];
        Arrays.fill(seqs, DecodedFrames.NO_SEQ);
        int[] drops = new int[DropReason.values().length];
        drops[DropReason.DECODER_FAULT.ordinal()] = batch.count();
        return new DecodedFrames(
                batch.count(),
                seqs,
                new long[batch.count()],
                new long[batch.count()],
                new long[batch.count()],
                new int[batch.count()],
                0,
                new byte[0],
                new int[0],
                new int[0],
                new short[0],
                List.of(),
                drops,
                new int[DecodedFrames.TYPES.size()],
                new int[0],
                batch.receivedNanos(),
                batch.connection(),
                null);
    }
}
