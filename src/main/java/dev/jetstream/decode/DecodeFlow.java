package dev.jetstream.decode;

import dev.jetstream.common.LogThrottle;
import dev.jetstream.config.JetstreamConfig.DecodeConfig;
import dev.jetstream.event.Filter;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.FrameBatch;
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
 * Decodes batches in parallel and keeps their order. No frame fails the stream, and a bug of the decoder costs one frame, counted
 * as {@link DropReason#DECODER_FAULT} and logged.
 *
 * <pre>
 *   FrameBatch ──&gt; mapAsync(parallelism): a decoder from the pool ──&gt; DecodedFrames
 * </pre>
 *
 * It holds as many batches as it decodes in parallel.
 */
public final class DecodeFlow {
    private static final Logger LOG = LoggerFactory.getLogger(DecodeFlow.class);
    private static final int MAX_IDLE_OUTPUTS = 24;

    /** Up to this many bytes, decoding takes less time than waking another thread. */
    private static final int MAX_DECODED_HERE = 64 * 1024;

    private final DecodeConfig config;
    private final Executor executor;
    private final Filter kept;
    private final ArrayPool outputs = new ArrayPool(FrameDecoder.OUTPUT_BYTES, MAX_IDLE_OUTPUTS);
    private final ConcurrentLinkedQueue<FrameDecoder> idle = new ConcurrentLinkedQueue<>();
    private final AtomicLong faults = new AtomicLong();
    private final LogThrottle faultLog = new LogThrottle();

    private DecodeFlow(DecodeConfig config, Filter kept, Executor executor) {
        this.kept = kept;
        this.config = config;
        this.executor = executor;
    }

    /**
     * A flow whose materializations share their decoders.
     *
     * @param kept events of other collections and DIDs are dropped; its other conditions do not count
     * @param executor runs the decoders, which do not block
     */
    public static Flow<FrameBatch, DecodedFrames, NotUsed> create(DecodeConfig config, Filter kept, Executor executor) {
        return new DecodeFlow(config, kept, executor).flow();
    }

    private Flow<FrameBatch, DecodedFrames, NotUsed> flow() {
        return Flow.of(FrameBatch.class).mapAsync(parallelism(config), this::decodeSomewhere);
    }

    /** At most the number of cores; Go operators often set 100. */
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
        FrameDecoder decoder = pooled != null ? pooled : new FrameDecoder(this::onFault, outputs, kept);
        DecodedFrames decoded;
        try {
            decoded = decoder.decode(batch);
            idle.add(decoder);
        } catch (RuntimeException e) {
            // The decoder's state is unknown: it is not used again.
            onFault(e, batch, 0);
            decoded = DecodedFrames.ofFault(batch);
        }
        batch.release(decoded.frameCount() - (decoded.endedByError() ? 1 : 0));
        return decoded;
    }

    private void onFault(RuntimeException fault, FrameBatch batch, int frame) {
        long count = faults.incrementAndGet();
        if (faultLog.permits()) {
            LOG.error(
                    "the decoder failed, which is a bug: the frame is skipped; frame_bytes={} faults_so_far={}",
                    batch.ends()[frame] - batch.starts()[frame],
                    count,
                    fault);
        }
    }
}
