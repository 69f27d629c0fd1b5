package dev.jetstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.Filter;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a client is sent: from where, in which order, at whose pace. */
class SubscriberTest extends SubscriberFixture {
    @Test
    void aLiveSubscriberGetsWhatComesAfterItConnected() {
        append(event(POST, "before"));
        connectLive();
        appendAndTell(event(POST, "one"), event(LIKE, "two"));
        appendAndTell(event(POST, "three"));
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 4)));
    }

    @Test
    void aReplayBeginsAtTheCursorAndRunsIntoLive() {
        for (int i = 0; i < 20; i++) {
            append(event(POST, "a" + i), event(LIKE, "b" + i));
        }
        log.holdFrom(15);
        connect(OptionalLong.of(blockAt(4).timeUs(1)), false, Filter.ALL);
        awaitTail();
        appendAndTell(event(POST, "live"));
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(7, 41)));
    }

    @Test
    void aCursorAboveClockAndNewestEventIsLive() {
        append(event(POST, "before"));
        connect(OptionalLong.of(NOW + 100_000_000_000L), false, Filter.ALL);
        awaitTail();
        appendAndTell(event(POST, "live"));
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 2)));
    }

    @Test
    void aCursorAboveTheClockWithinTheJournalReplays() {
        append(event(POST, "a"));
        append(event(POST, "b"));
        clock.set(NOW - 1_000_000);
        connect(OptionalLong.of(blockAt(2).firstTimeUs()), false, Filter.ALL);
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 2)));
    }

    @Test
    void aPositionThatRetentionTookGoesOnFromTheOldest() {
        for (int i = 0; i < 6; i++) {
            append(event(POST, "a" + i));
        }
        log.deleteBefore(4);
        connect(OptionalLong.of(1), false, Filter.ALL);
        await(() -> assertThat(socket.texts())
                .isEqualTo(all().subList(3, 6).stream().toList()));
    }

    @Test
    void whateverTheSocketTakesEveryEventComesOnceInOrder() {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            int size = i % 20 == 0 ? 150_000 : random.nextInt(2_000);
            append(event(random.nextBoolean() ? POST : LIKE, "t".repeat(size)), event(POST, "s"), event(LIKE, "u"));
        }
        log.holdFrom(40);
        Random appetite = new Random(8);
        socket.appetite(
                offered -> appetite.nextInt(4) == 0 ? offered : appetite.nextInt(offered + 1) * appetite.nextInt(2));
        socket.soonWritable();
        connect(OptionalLong.of(0), false, new Filter(List.of(POST), List.of(), 0));
        List<String> wanted =
                all().stream().filter(json -> json.contains("\"" + POST + "\"")).toList();
        await(() -> assertThat(socket.texts().size()).isEqualTo(wanted.size()));
        assertThat(socket.texts()).isEqualTo(wanted);
    }

    @Test
    void aCursorHoldsAlsoWhenTheFirstWriteIsRefused() {
        append(event(POST, "a"), event(POST, "b"), event(POST, "c"));
        socket.appetite(offered -> 0);
        connect(OptionalLong.of(NOW + 1), false, Filter.ALL);
        await(() -> assertThat(socket.isAwaited()).isTrue());
        socket.appetite(offered -> offered);
        socket.becomeWritable();
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 3)));
    }

    @Test
    void aReplayTakesTurnsWithOthersAndGivesThemBack() {
        service = service(new SharedFilters(1 << 20), new RateLimits(0, nanos::get), nanos::get);
        for (int i = 0; i < 400; i++) {
            append(event(POST, "t".repeat(5_000) + i));
        }
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.texts()).hasSize(400));
        assertThat(socket.texts()).isEqualTo(all());
        await(() -> assertThat(gate.granted()).isZero());
    }

    /** Connects live, and lets a full socket keep the subscriber behind by some blocks while others replay. */
    private void fallBehind(int blocks) {
        service = service(new SharedFilters(1 << 20), new RateLimits(0, nanos::get), nanos::get);
        takeAllTurns();
        connectLive();
        socket.appetite(offered -> 0);
        appendAndTell(event(POST, "first"));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        for (int i = 1; i < blocks; i++) {
            append(event(POST, "t" + i));
        }
        socket.appetite(offered -> offered);
        socket.becomeWritable();
    }

    @Test
    void aLiveSubscriberThatFallsBehindDoesNotWaitForThoseThatReplay() {
        fallBehind(500);
        await(() -> assertThat(socket.texts()).isEqualTo(all()));
    }

    @Test
    void aSubscriberThatFallsFarBehindTakesTurnsAgain() {
        fallBehind(3_000);
        await(() -> assertThat(metrics.in(State.READING)).isEqualTo(1));
        gate.done();
        await(() -> assertThat(socket.texts()).isEqualTo(all()));
    }

    @Test
    void anAddressIsSentNoMoreThanItsRate() {
        service = service(10, 0);
        for (int i = 0; i < 30; i++) {
            append(event(POST, "a" + i));
        }
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.texts()).hasSize(10));
        passTime(Duration.ofMillis(500));
        await(() -> assertThat(socket.texts()).hasSize(15));
        passTime(Duration.ofMillis(500));
        await(() -> assertThat(socket.texts()).hasSize(20));
        passTime(Duration.ofMillis(1_000));
        await(() -> assertThat(socket.texts()).isEqualTo(all()));
    }
}
