package dev.jetstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.net.Socket;
import dev.jetstream.subscriber.SubscriberMetrics.End;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How connections are kept, and how they end. */
class ConnectionEndsTest extends SubscriberFixture {
    @Test
    void aConnectionThatWasSentNothingIsPinged() {
        connectLive();
        passTime(Duration.ofSeconds(11));
        await(() -> assertThat(socket.frames()).hasSize(1));
        assertThat(socket.frames().get(0).opcode()).isEqualTo(FrameHeader.PING);
    }

    @Test
    void aStalledConnectionIsEndedAndCounted() {
        connectLive();
        socket.appetite(offered -> Math.min(offered, 10));
        appendAndTell(event(POST, "never read"));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        socket.appetite(offered -> 0);
        passTime(Duration.ofSeconds(59));
        passTime(Duration.ofSeconds(5));
        await(() -> assertThat(socket.isAborted()).isTrue());
        await(() -> assertThat(metrics.ended(End.TOO_SLOW)).isEqualTo(1));
        await(() -> assertThat(metrics.connected()).isZero());
    }

    @Test
    void aSlowConnectionThatTakesSomethingIsNotEnded() {
        connectLive();
        socket.appetite(offered -> Math.min(offered, 10));
        appendAndTell(event(POST, "read slowly"));
        for (int i = 0; i < 10; i++) {
            await(() -> assertThat(socket.isAwaited()).isTrue());
            passTime(Duration.ofSeconds(50));
            socket.becomeWritable();
        }
        assertThat(socket.isAborted()).isFalse();
    }

    @Test
    void theClientsCloseIsAnswered() {
        Socket.Events events = connectLive();
        events.onClose(4001);
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(4001);
        events.onGone();
        await(() -> assertThat(metrics.ended(End.CLIENT_CLOSED)).isEqualTo(1));
    }

    @Test
    void aStopClosesWith1012AsMoreClientsComeBackFromIt() {
        Socket.Events events = connectLive();
        var stopped = closeAll();
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.SERVICE_RESTART);
        assertThat(stopped).isNotDone();
        events.onGone();
        await(() -> assertThat(stopped).isCompleted());
    }

    @Test
    void anUnreadableJournalClosesWith1011() {
        append(event(POST, "a"));
        append(event(POST, "b"));
        log.holdFrom(2);
        log.failReads(new IllegalStateException("broken"));
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.INTERNAL_ERROR);
    }

    @Test
    void aBugClosesThisOneWith1011AndIsCounted() {
        Socket.Events events = connectLive();
        EventBlock neverSent = append(event(POST, "never sent"));
        log.breakDown(new IllegalStateException("a bug"));
        log.announce();
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames()).hasSize(1);
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.INTERNAL_ERROR);
        assertThat(socket.frames().get(0).closeReason()).isEqualTo("internal error");
        events.onGone();
        await(() -> assertThat(metrics.ended(End.INTERNAL_ERROR)).isEqualTo(1));
    }

    @Test
    void aBugBeforeTheFirstEventClosesWith1011Too() {
        log.breakDown(new IllegalStateException("a bug"));
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.INTERNAL_ERROR);
    }

    @Test
    void aBugBeforeTheFirstTurnClosesWith1011AndLeavesNothingBehind() {
        clockUs = () -> {
            throw new IllegalStateException("a bug");
        };
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.INTERNAL_ERROR);
        await(() -> assertThat(metrics.connected()).isZero());
        assertThat(metrics.ended(End.INTERNAL_ERROR)).isEqualTo(1);
        assertThat(metrics.connected()).isZero();
        await(() -> assertThat(closeAll()).isCompleted());
    }

    @Test
    void aBugWhileASubscriberIsMadeClosesWith1011AndLeavesNoShares() {
        RateLimits rates = new RateLimits(10, nanos::get);
        SharedFilters filters = new SharedFilters(1 << 20);
        AtomicInteger looks = new AtomicInteger();
        service = service(filters, rates, () -> {
            if (looks.incrementAndGet() == 2) {
                throw new IllegalStateException("a bug");
            }
            return nanos.get();
        });
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.INTERNAL_ERROR);
        await(() -> assertThat(metrics.connected()).isZero());
        assertThat(filters.size()).isZero();
        assertThat(rates.size()).isZero();
        assertThat(metrics.connected()).isZero();
        assertThat(metrics.ended(End.INTERNAL_ERROR)).isEqualTo(1);
    }

    @Test
    void aClientThatTakesNoByteOfSuchAnEndIsDropped() {
        clockUs = () -> {
            throw new IllegalStateException("a bug");
        };
        socket.appetite(offered -> 0);
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.isAborted()).isTrue());
        await(() -> assertThat(metrics.connected()).isZero());
    }
}
