package dev.jetstream.app;

import dev.jetstream.metrics.Counter;
import dev.jetstream.metrics.Gauge;
import dev.jetstream.metrics.Histogram;
import dev.jetstream.metrics.Instruments;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what passes from the relay to the subscribers, under the names that dashboards of Jetstream v1 query. Each call is for a batch
 * or a block. One instance per process; any thread.
 */
public final class PipelineMetrics {
    private static final int MAX_COLLECTIONS = 100;
    private static final int MAX_CANDIDATES = 1_000;
    private static final long OPS_TO_EARN_LABEL = 100;
    private static final String[] KINDS = {"create", "update", "delete"};
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    private final Counter[] processed;
    private final Counter sequenced =
            Instruments.counter("consumer_events_sequenced", "Events that were given their time_us");
    private final Counter sequenceResets = Instruments.counter(
            "jetstream_upstream_sequence_resets", "Batches in which the relay's seq stepped back to new frames");
    private final Counter emitted = Instruments.counter("consumer_events_emitted", "Events announced to subscribers");
    private final Counter eventsEmitted =
            Instruments.counter("jetstream_events_emitted", "Events announced to subscribers");
    private final Counter bytesEmitted =
            Instruments.counter("jetstream_bytes_emitted", "Bytes of the messages announced to subscribers");
    private final Counter blocks = Instruments.counter("jetstream_blocks", "Blocks written to the journal");
    private final Histogram blockEvents = Instruments.numbers("jetstream_block_events", "Events of a block");
    private final Histogram blockBytes = Instruments.numbers("jetstream_block_bytes", "Bytes of a block's messages");
    private final Histogram processing = Instruments.seconds(
            "consumer_event_processing_duration", "From a frame's arrival to its events' being decoded and in order");
    private final Gauge lastSeq = Instruments.gauge("consumer_last_seq", "Upstream seq of the last frame");
    private final Gauge lastProcessedAt =
            Instruments.gauge("consumer_last_evt_processed_at", "When the last frame was processed, unix nanoseconds");
    private final Gauge lastCreatedAt =
            Instruments.gauge("consumer_last_evt_created_at", "The last frame's own time, unix nanoseconds");
    private final Gauge gap = Instruments.gauge(
            "consumer_last_evt_created_evt_processed_gap",
            "Seconds from the last frame's own time to its processing; negative when the frame is from the future");

    private final CollectionLabels labels = new CollectionLabels(MAX_COLLECTIONS, MAX_CANDIDATES, OPS_TO_EARN_LABEL);
    private final Map<String, Counter[]> opsByLabel = new ConcurrentHashMap<>();
    private final Map<String, Counter> dropsByReason = new HashMap<>();

    /**
     * @param frameTypes the types that {@link #processed} counts
     * @param dropReasons every reason of {@link #dropped}; each is on the page from the first scrape
     */
    public PipelineMetrics(List<String> frameTypes, Collection<String> dropReasons) {
        processed = frameTypes.stream().map(PipelineMetrics::processed).toArray(Counter[]::new);
        for (String reason : dropReasons) {
            dropsByReason.put(
                    reason,
                    Instruments.counter(
                            "jetstream_events_dropped",
                            "Frames and ops that gave no event, by reason",
                            "reason",
                            reason));
        }
        CollectionLabels.KNOWN.forEach(this::opsOf);
        opsOf(CollectionLabels.OTHER);
    }

    private static Counter processed(String type) {
        return Instruments.counter("consumer_events_processed", "Upstream frames by type", "event_type", type);
    }

    /** Frames were decoded: their number by type, in the order of the constructor's types. */
    public void processed(int[] frames) {
        for (int i = 0; i < processed.length; i++) {
            processed[i].add(frames[i]);
        }
    }

    /** Ops of one collection were decoded. */
    public void ops(String collection, long creates, long updates, long deletes) {
        Counter[] counters = opsOf(labels.label(collection, creates + updates + deletes));
        counters[0].add(creates);
        counters[1].add(updates);
        counters[2].add(deletes);
    }

    private Counter[] opsOf(String label) {
        return opsByLabel.computeIfAbsent(label, ignored -> {
            Counter[] counters = new Counter[KINDS.length];
            for (int i = 0; i < KINDS.length; i++) {
                counters[i] = Instruments.counter(
                        "consumer_ops_processed",
                        "Ops of commits by kind and collection",
                        "kind",
                        KINDS[i],
                        "op_path",
                        label);
            }
            return counters;
        });
    }

    /**
     * Frames or ops gave no event.
     *
     * @throws IllegalArgumentException if the constructor was not given the reason
     */
    public void dropped(String reason, long times) {
        Counter counter = dropsByReason.get(reason);
        if (counter == null) {
            throw new IllegalArgumentException("unknown reason " + reason);
        }
        counter.add(times);
    }

    /** A relay's sequence stepped back to new frames. */
    public void sequenceReset() {
        sequenceResets.increment();
    }

    /** Events were given their {@code time_us}. */
    public void sequenced(long events) {
        sequenced.add(events);
    }

    /**
     * A block is in the journal and was announced to subscribers.
     *
     * @param bytes of its framed messages
     */
    public void published(long events, long bytes) {
        blocks.increment();
        blockEvents.record(events);
        blockBytes.record(bytes);
        emitted.add(events);
        eventsEmitted.add(events);
        bytesEmitted.add(bytes);
    }

    /** Frames were decoded and are in order, so many nanoseconds after their arrival. */
    public void took(long nanos, long frames) {
        processing.record(nanos / NANOS_PER_SECOND, frames);
    }

    /**
     * Shows which frame is the newest.
     *
     * @param createdMicros its own time, unix microseconds; 0 if it has none
     * @param processedMicros when it was processed, unix microseconds
     */
    public void last(long seq, long createdMicros, long processedMicros) {
        lastSeq.set(Math.max(0, seq));
        lastProcessedAt.set(processedMicros * NANOS_PER_MICRO);
        if (createdMicros > 0) {
            lastCreatedAt.set(createdMicros * NANOS_PER_MICRO);
            gap.set((processedMicros - createdMicros) / 1e6);
        }
    }

    /** Events announced to subscribers so far. */
    public long emitted() {
        return eventsEmitted.value();
    }

    /** Seconds from the last frame's own time to its being processed; empty before the first frame. */
    public OptionalDouble lagSeconds() {
        return lastCreatedAt.value() > 0 ? OptionalDouble.of(gap.value()) : OptionalDouble.empty();
    }

    /** The last frame's own time, unix microseconds; 0 before the first frame. */
    public long lastCreatedMicros() {
        return (long) (lastCreatedAt.value() / NANOS_PER_MICRO);
    }

    /** Ops so far by collection; those without a label are under {@link CollectionLabels#OTHER}. */
    public Map<String, Long> opsByCollection() {
        Map<String, Long> ops = new HashMap<>();
        opsByLabel.forEach((label, counters) ->
                ops.put(label, Arrays.stream(counters).mapToLong(Counter::value).sum()));
        return ops;
    }
}
