package dev.jetstream.app;

import dev.jetstream.config.JetstreamConfig;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.journal.Journal;
import dev.jetstream.journal.write.JournalEnd;
import dev.jetstream.sequence.BlockInterval;
import dev.jetstream.sequence.SequenceStage;
import dev.jetstream.sequence.Sequencer;
import dev.jetstream.upstream.FrameBatch;
import dev.jetstream.upstream.RelaySession;
import dev.jetstream.upstream.RelaySource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The pipeline from the relay's socket to the journal.
 *
 * <pre>
 *   relay ──ws──&gt; RelaySource ─FrameBatch─&gt; DecodeFlow ─DecodedFrames─&gt; SequenceStage ─EventBlock─&gt; Journal ─durable─&gt; BlockLog
 *                 reconnects,              parallel,                  gives time_us,              appends,          announces
 *                 resumes at the           keeps order                cuts blocks                 acks              new blocks
 *                 journal's seq
 * </pre>
 *
 * From there each {@link dev.jetstream.subscriber.Subscriber} reads the {@link dev.jetstream.journal.read.BlockLog} at its own pace.
 */
final class Pipeline {
    /** Maximum size of the decoded batches that wait for the journal. */
    private static final long MAX_HELD_BYTES =
            Math.min(64L << 20, Math.max(4L << 20, Runtime.getRuntime().maxMemory() / 32));

    private static final int MIN_SLAB_BYTES = 1 << 20;
    private static final int MAX_SLAB_BYTES = 8 << 20;

    /** A running pipeline: how to stop its upstream, and its end. */
    record Running(RelaySource.Control relay, CompletionStage<Done> end) {}

    private final JetstreamConfig config;
    private final RelaySession session;
    private final Journal journal;
    private final PipelineMetrics metrics;
    private final Flow<FrameBatch, DecodedFrames, NotUsed> decode;
    private final ScheduledExecutorService timer;
    private final LongSupplier clockUs;
    private final LongSupplier subscribers;

    Pipeline(
            JetstreamConfig config,
            RelaySession session,
            Journal journal,
            PipelineMetrics metrics,
            Flow<FrameBatch, DecodedFrames, NotUsed> decode,
            ScheduledExecutorService timer,
            LongSupplier clockUs,
            LongSupplier subscribers) {
        this.config = config;
        this.session = session;
        this.journal = journal;
        this.metrics = metrics;
        this.decode = decode;
        this.timer = timer;
        this.clockUs = clockUs;
        this.subscribers = subscribers;
    }

    /** The relay's URL, for the log. */
    String relay() {
        return session.relay();
    }

    /** The time of the newest frame by the relay's clock, unix microseconds; 0: none yet. */
    long relayTimeUs() {
        return metrics.lastCreatedMicros();
    }

    /**
     * A pipeline for one run.
     *
     * @param end where the journal ends, which is where it resumes
     * @param journaling writes blocks to the journal
     */
    RunnableGraph<Running> graph(JournalEnd end, Flow<EventBlock, EventBlock, NotUsed> journaling) {
        BlockInterval interval = new BlockInterval(
                config.sequence().minInterval(), config.sequence().maxInterval(), subscribers);
        PipelineObserver observer = new PipelineObserver(
                metrics, clockUs, (upstream, block) -> journal.writes().onCovered(block, upstream));
        return Source.fromGraph(new RelaySource(session, () -> journal.end().upstream(), interval::nanos))
                .via(decode)
                .via(new SequenceStage(sequencer(end), interval, System::nanoTime, timer, observer))
                .via(journaling)
                .toMat(Sink.foreach(this::count), Keep.both())
                .mapMaterializedValue(both -> new Running(both.first(), both.second()));
    }

    /** Drops the seqs of other relays: one that is configured again later would otherwise send everything since then. */
    private Sequencer sequencer(JournalEnd end) {
        Sequencer.Limits limits = new Sequencer.Limits(
                config.sequence().maxEvents(),
                config.sequence().maxBytes(),
                slabBytes(),
                config.decode().maxQueueSize(),
                MAX_HELD_BYTES);
        RelaySeqs upstream = end.upstream().only(List.of(session.relay()));
        return new Sequencer(end.lastSequenceNr(), end.lastTimeUs(), end.nextOrdinal(), upstream, limits, clockUs);
    }

    /** A small part of the memory for recent blocks. */
    private int slabBytes() {
        return (int) Math.min(
                MAX_SLAB_BYTES, Math.max(MIN_SLAB_BYTES, config.journal().memoryBudgetBytes() / 16));
    }

    private void count(EventBlock block) {
        metrics.published(block.count(), block.length());
    }
}
