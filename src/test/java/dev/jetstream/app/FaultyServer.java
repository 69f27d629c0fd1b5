package dev.jetstream.app;

import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.JetstreamConfig;
import dev.jetstream.config.UpstreamConfig;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.Journal;
import dev.jetstream.journal.read.BlockLog;
import dev.jetstream.journal.write.FaultyWriter;
import dev.jetstream.upstream.FaultySession;
import dev.jetstream.upstream.FrameBatch;
import dev.jetstream.upstream.RelaySession;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Kill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Flow;

/** A server whose parts throw where and when a test says so; its pipeline is run again without much waiting. */
public final class FaultyServer implements AutoCloseable {
    /** Where something throws. */
    public enum Place {
        /** The thread that reads the relay's socket. */
        RELAY_READER,
        /** The stage that hands on what it read. */
        RELAY_STAGE,
        /** The flow that has batches decoded, before it takes one. */
        DECODE_FLOW,
        /** The stage that gives events their times. */
        SEQUENCE_STAGE,
        /** The actor that writes blocks. */
        JOURNAL_WRITER,
        /** The parent of all subscribers. */
        SUBSCRIBERS,
        /** A subscriber's actor. */
        SUBSCRIBER,
        /** A subscriber's actor, before it has done anything. */
        SUBSCRIBER_START,
        /** What answers a request. */
        ROUTE
    }

    private final Map<Place, AtomicInteger> due = new EnumMap<>(Place.class);
    private final Server server;
    private volatile ActorSystem<?> system;

    private FaultyServer(ConfigLoader.Loaded loaded) throws StartupException {
        for (Place place : Place.values()) {
            due.put(place, new AtomicInteger());
        }
        server = Server.start(loaded, new FaultyParts());
    }

    public static FaultyServer start(ConfigLoader.Loaded loaded) throws StartupException {
        return new FaultyServer(loaded);
    }

    /** From now on the place throws, so many times. */
    public void fail(Place place, int times) {
        if (place == Place.JOURNAL_WRITER) {
            FaultyWriter.fail(system.classicSystem());
        } else if (place == Place.SUBSCRIBERS) {
            system.classicSystem().actorSelection("/user/subscribers").tell(Kill.getInstance(), ActorRef.noSender());
        } else {
            due.get(place).set(times);
        }
    }

    /** Whether the place has thrown as often as it was told to. */
    public boolean hasFailed(Place place) {
        return due.get(place).get() == 0;
    }

    private boolean isDue(Place place) {
        return due.get(place).getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private void mayFail(Place place) {
        if (isDue(place)) {
            throw new IllegalStateException("made to fail at " + place);
        }
    }

    /** Looks who calls only where it matters: that is not cheap. */
    private void mayFail(Place place, String callersClass) {
        if (due.get(place).get() > 0
                && StackWalker.getInstance()
                        .walk(frames ->
                                frames.anyMatch(frame -> frame.getClassName().contains(callersClass)))) {
            mayFail(place);
        }
    }

    public Server server() {
        return server;
    }

    /** The exit code, once the server has ended. */
    public CompletionStage<Integer> ended() {
        return server.ended();
    }

    @Override
    public void close() {
        server.close();
    }

    private final class FaultyParts extends Parts {
        @Override
        LongSupplier clockUs() {
            return () -> {
                mayFail(Place.SEQUENCE_STAGE);
                return super.clockUs().getAsLong();
            };
        }

        @Override
        LongSupplier wallUs() {
            return () -> {
                mayFail(Place.SUBSCRIBER_START, ".Subscriber");
                return super.wallUs().getAsLong();
            };
        }

        @Override
        RelaySession session(UpstreamConfig config) {
            return FaultySession.create(config, () -> {
                mayFail(Place.RELAY_READER, ".RelayReader");
                mayFail(Place.RELAY_STAGE, ".RelaySource");
                mayFail(Place.ROUTE, ".Routes");
            });
        }

        @Override
        Flow<FrameBatch, DecodedFrames, NotUsed> decode(ActorSystem<?> actors, JetstreamConfig config) {
            system = actors;
            return Flow.of(FrameBatch.class)
                    .map(batch -> {
                        mayFail(Place.DECODE_FLOW);
                        return batch;
                    })
                    .via(super.decode(actors, config));
        }

        @Override
        BlockLog log(Journal journal) {
            return new FaultyLog(super.log(journal));
        }

        @Override
        Restarts restarts() {
            return new Restarts(Duration.ofMillis(10), Duration.ofMillis(40));
        }
    }

    private final class FaultyLog implements BlockLog {
        private final BlockLog log;

        FaultyLog(BlockLog log) {
            this.log = log;
        }

        @Override
        public void onNewBlocks(Runnable listener) {
            log.onNewBlocks(listener);
        }

        @Override
        public long tip() {
            mayFail(Place.SUBSCRIBER);
            return log.tip();
        }

        @Override
        public EventBlock held(long sequenceNr) {
            return log.held(sequenceNr);
        }

        @Override
        public CompletionStage<EventBlock> read(long from) {
            return log.read(from);
        }

        @Override
        public CompletionStage<Long> find(long timeUs) {
            return log.find(timeUs);
        }

        @Override
        public CompletionStage<Long> findSeq(long seq) {
            return log.findSeq(seq);
        }

        @Override
        public CompletionStage<SeqRange> seqs() {
            return log.seqs();
        }
    }
}
