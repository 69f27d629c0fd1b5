package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator names another relay, and the first one again: a relay is resumed at its own seq, and only if it was the last one.
 */
@Timeout(180)
class RelayChangeIT {
    private static final long FRAMES = 200;
    private static final long FEWER_FRAMES = 50;

    @TempDir
    Path data;

    private final Ledger ledger = new Ledger();

    @Test
    void anotherRelayIsFollowedLiveAndSoIsTheFirstOneAgain() throws Exception {
        try (Upstream first = Upstream.start(Upstream.frames(FRAMES), ledger);
                Upstream other = Upstream.start(Upstream.frames(FEWER_FRAMES).withSeed(2), ledger)) {
            first.relay().pause();
            other.relay().pause();
            follow(first, FRAMES);
            follow(other, FEWER_FRAMES);
            follow(other, FEWER_FRAMES);
            follow(first, FRAMES);

            assertThat(first.relay().cursors()).containsExactly(OptionalLong.empty(), OptionalLong.empty());
            assertThat(other.relay().cursors()).containsExactly(OptionalLong.empty(), OptionalLong.of(FEWER_FRAMES));
        }
    }

    /** Runs a server until it has all events that were made, those of earlier servers too. */
    private void follow(Upstream upstream, long frames) throws Exception {
        int had = upstream.relay().cursors().size();
        try (TestServer server = TestServer.start(data, upstream.relay().uri());
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            Await.until(() -> upstream.relay().cursors().size() > had, () -> "a connection");
            upstream.relay().resume();
            upstream.awaitMade(frames);
            follower.awaitEvent(ledger.count());
            assertThat(follower.times()).doesNotHaveDuplicates();
        }
    }
}
