package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.config.UpstreamConfig;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.UpstreamMetrics.End;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A source that meets relays which do as the test says. */
abstract class RelayFixture {
    static ActorSystem system;

    static final ScriptedRelay.Script GOOD = peer -> {
        peer.upgrade();
        peer.message(Frames.commit(1));
        peer.holdOpen();
    };

    @BeforeAll
    static void start() {
        system = ActorSystem.create("scripted-relays");
    }

    @AfterAll
    static void stop() {
        system.terminate();
    }

    /** Connections of this kind, then a good one. */
    static RelayProbe recovers(ScriptedRelay relay, End reason) throws Exception {
        return recovers(relay, reason, RelayProbe.config(relay.url()));
    }

    static RelayProbe recovers(ScriptedRelay relay, End reason, UpstreamConfig config) throws Exception {
        RelayProbe probe = new RelayProbe(system, config);
        probe.journal.set(RelaySeqs.of(probe.session.relay(), 5));
        probe.start();
        assertThat(probe.frame()).isEqualTo(Frames.commit(1));
        probe.awaitEnd(reason);
        return probe;
    }

    static ScriptedRelay.Script answering(String answer) {
        return peer -> {
            peer.readHead();
            peer.send(answer);
        };
    }
}
