package dev.jetstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReplayGateTest {
    private static ActorTestKit kit;

    private final ReplayGate gate = new ReplayGate(2);

    @BeforeAll
    static void startSystem() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void stopSystem() {
        kit.shutdownTestKit();
    }

    private static TestProbe<Subscriber.Command> subscriber() {
        return kit.createTestProbe();
    }

    @Test
    void grantsTurnsInTheOrderOfRequestsAndNoMoreThanItsPermits() {
        var first = subscriber();
        var second = subscriber();
        var third = subscriber();
        var fourth = subscriber();
        for (var each : List.of(first, second, third, fourth)) {
            gate.request(each.ref());
        }
        first.expectMessage(Subscriber.Signal.REPLAY);
        second.expectMessage(Subscriber.Signal.REPLAY);
        third.expectNoMessage(Duration.ZERO);
        gate.done();
        third.expectMessage(Subscriber.Signal.REPLAY);
        fourth.expectNoMessage(Duration.ZERO);
        gate.done();
        fourth.expectMessage(Subscriber.Signal.REPLAY);
        gate.done();
        gate.done();
        assertThat(gate.granted()).isZero();
    }

    @Test
    void aSubscriberThatStopsKeepsNoTurn() {
        var first = subscriber();
        var second = subscriber();
        var waiting = subscriber();
        var last = subscriber();
        for (var each : List.of(first, second, waiting, last)) {
            gate.request(each.ref());
        }
        gate.cancel(waiting.ref());
        gate.cancel(first.ref());
        last.expectMessage(Subscriber.Signal.REPLAY);
        waiting.expectNoMessage(Duration.ZERO);
        gate.cancel(last.ref());
        gate.done();
        assertThat(gate.granted()).isZero();
    }
}
