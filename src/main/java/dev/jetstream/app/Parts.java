package dev.jetstream.app;

import dev.jetstream.config.JetstreamConfig;
import dev.jetstream.config.UpstreamConfig;
import dev.jetstream.decode.DecodeFlow;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.Filter;
import dev.jetstream.journal.Journal;
import dev.jetstream.journal.read.BlockLog;
import dev.jetstream.upstream.FrameBatch;
import dev.jetstream.upstream.RelaySession;
import dev.jetstream.upstream.UpstreamMetrics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.javadsl.Flow;

/** Makes the parts of a {@link Server} that a test may replace by ones that fail. */
class Parts {
    /** The wall clock, in unix microseconds. */
    LongSupplier wallUs() {
        return () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** The clock that {@code time_us} is taken from, in unix microseconds. */
    LongSupplier clockUs() {
        return wallUs();
    }

    RelaySession session(UpstreamConfig config) {
        return RelaySession.create(config, new UpstreamMetrics());
    }

    Flow<FrameBatch, DecodedFrames, NotUsed> decode(ActorSystem<?> system, JetstreamConfig config) {
        UpstreamConfig upstream = config.upstream();
        return DecodeFlow.create(
                config.decode(),
                new Filter(upstream.collections(), upstream.dids(), 0),
                system.dispatchers().lookup(DispatcherSelector.defaultDispatcher()));
    }

    /** What subscribers read. */
    BlockLog log(Journal journal) {
        return journal.log();
    }

    Restarts restarts() {
        return new Restarts();
    }
}
