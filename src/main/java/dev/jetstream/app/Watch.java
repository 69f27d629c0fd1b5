package dev.jetstream.app;

import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Takes a sample once a second. */
final class Watch {
    private static final Duration INTERVAL = Duration.ofMillis(RateHistory.INTERVAL_MILLIS);

    /** The only message. */
    enum Tick {
        TICK
    }

    private Watch() {}

    /** @param sample called at once, then every second; must not block */
    static Behavior<Tick> create(Runnable sample) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.TICK, Duration.ZERO, INTERVAL);
            return Behaviors.receiveMessage(tick -> {
                sample.run();
                return Behaviors.same();
            });
        });
    }
}
