package dev.jetstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.decode.DropReason;
import dev.jetstream.upstream.Connection;
import dev.jetstream.upstream.RelayControl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A relay that went back in seq sends what is skipped: after a while it is asked for what it has now. */
class PipelineObserverTest {
    private final List<String> wentLive = new ArrayList<>();
    private final PipelineObserver observer = new PipelineObserver(
            new PipelineMetrics(
                    DecodedFrames.TYPES,
                    Arrays.stream(DropReason.values()).map(DropReason::label).toList()),
            () -> new Relay(),
            () -> 0);

    private final class Relay implements RelayControl {
        @Override
        public void stop() {
            throw new AssertionError();
        }

        @Override
        public void goLive(String why) {
            wentLive.add(why);
        }
    }

    private void repeats(long id, long seconds) {
        Connection connection = new Connection(id, false, "relay");
        observer.onFrames(
                new DecodedFrames(
                        1,
                        new long[] {7},
                        new int[1],
                        0,
                        new byte[0],
                        new int[0],
                        new int[0],
                        new short[0],
                        List.of(),
                        new int[DropReason.values().length],
                        new int[DecodedFrames.TYPES.size()],
                        new int[0],
                        0,
                        0,
                        connection,
                        null),
                1);
        observer.onOnlyRepeats(connection, TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void tenSecondsOfNothingButRepeatsTurnARelayAwayOnceForEachConnection() {
        repeats(1, 9);
        assertThat(wentLive).isEmpty();
        repeats(1, 10);
        repeats(1, 11);
        assertThat(wentLive).containsExactly("nothing but repeats for 10 s");
        repeats(2, 12);
        assertThat(wentLive).hasSize(2);
    }
}
