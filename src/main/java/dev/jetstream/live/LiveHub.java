package dev.jetstream.live;

import dev.jetstream.config.JetstreamConfig.BroadcastConfig;
import dev.jetstream.event.EventBlock;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.BroadcastHub;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live end of the stream: a BroadcastHub with a few lanes behind it, each of which tells its share of the listeners.
 *
 * <pre>
 *   publish ──queue──&gt; BroadcastHub ─┬─drop oldest──&gt; lane 0 ──&gt; listeners 0, 2, 4 …
 *                                    └─drop oldest──&gt; lane 1 ──&gt; listeners 1, 3, 5 …
 * </pre>
 *
 * A lane per core instead of a consumer per listener: a hub wakes each consumer through a mailbox of its own, and a thousand of
 * those cost more than what they announce. What a lane drops is not lost: a listener that misses a block reads it from the
 * block log.
 */
public final class LiveHub {
    private static final Logger LOG = LoggerFactory.getLogger(LiveHub.class);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int QUEUE_BLOCKS = 16;

    private final BoundedSourceQueue<EventBlock> queue;
    private final Lane[] lanes;
    private final CompletableFuture<Done> ended;
    private final AtomicInteger next = new AtomicInteger();

    /** Someone who wants to hear of new blocks. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A block is durable. Called by one thread at a time per listener; must only take note and return. What it throws is
         * logged, and the others are told all the same.
         */
        void onBlock(EventBlock block);
    }

    private LiveHub(BoundedSourceQueue<EventBlock> queue, Lane[] lanes, CompletableFuture<Done> ended) {
        this.queue = queue;
        this.lanes = lanes;
        this.ended = ended;
    }

    /** Starts a hub that runs until the actor system ends. */
    public static LiveHub start(ActorSystem<?> system, BroadcastConfig config, int laneCount) {
        Pair<BoundedSourceQueue<EventBlock>, Source<EventBlock, NotUsed>> hub = Source.<EventBlock>queue(QUEUE_BLOCKS)
                .toMat(BroadcastHub.of(EventBlock.class, config.bufferBlocks()), Keep.both())
                .run(system);
        CompletableFuture<Done> ended = new CompletableFuture<>();
        Lane[] lanes = new Lane[Math.max(1, laneCount)];
        for (int i = 0; i < lanes.length; i++) {
            Lane lane = new Lane();
            lanes[i] = lane;
            hub.second()
                    .buffer(config.bufferBlocks(), OverflowStrategy.dropHead())
                    .runWith(Sink.foreach(lane::tell), system)
                    .whenComplete((done, cause) -> end(ended, cause));
        }
        return new LiveHub(hub.first(), lanes, ended);
    }

    private static void end(CompletableFuture<Done> ended, Throwable cause) {
        if (cause == null) {
            ended.complete(Done.getInstance());
        } else {
            ended.completeExceptionally(cause);
        }
    }

    /**
     * Completed when any of it runs no more: at the actor system's end, or by a fault, since who listens there hears of nothing.
     */
    public CompletionStage<Done> ended() {
        return ended;
    }

    /** Announces a durable block. Never blocks; a block that finds the queue full is announced with the next one. */
    public void publish(EventBlock block) {
        queue.offer(block);
    }

    /** From now on the listener hears of new blocks, until the subscription is closed. Any thread. */
    public Subscription subscribe(Listener listener) {
        Lane lane = lanes[Math.floorMod(next.getAndIncrement(), lanes.length)];
        lane.add(listener);
        return () -> lane.remove(listener);
    }

    /** A listener's stay. */
    @FunctionalInterface
    public interface Subscription {
        /** Ends it; one call that is under way may still come. */
        void close();
    }

    /** Some of the listeners, in an array that is replaced when one comes or goes. */
    private static final class Lane {
        private volatile Listener[] listeners = {};
        private long lastLogNanos = System.nanoTime() - LOG_INTERVAL_NANOS;

        void tell(EventBlock block) {
            for (Listener listener : listeners) {
                try {
                    listener.onBlock(block);
                } catch (RuntimeException e) {
                    failed(e);
                }
            }
        }

        private void failed(RuntimeException cause) {
            long now = System.nanoTime();
            if (now - lastLogNanos >= LOG_INTERVAL_NANOS) {
                lastLogNanos = now;
                LOG.error("a listener of the live hub failed, which is a bug", cause);
            }
        }

        synchronized void add(Listener listener) {
            Listener[] more = Arrays.copyOf(listeners, listeners.length + 1);
            more[more.length - 1] = listener;
            listeners = more;
        }

        synchronized void remove(Listener listener) {
            listeners =
                    Arrays.stream(listeners).filter(other -> other != listener).toArray(Listener[]::new);
        }
    }
}
