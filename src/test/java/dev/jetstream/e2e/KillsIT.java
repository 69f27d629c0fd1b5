package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.relay.SyntheticOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real jar, killed at any moment under 2,000 events a second: who resumes where he was gets each event once, in order. */
@Timeout(400)
class KillsIT {
    private static final int RATE = 2_000;
    /**
     * Frames that the relay is ahead of the follower at most, however slow the machine is: it keeps no more than 256 MiB of
     * them.
     */
    private static final int MAX_FRAMES_AHEAD = 20_000;

    private static final long MIN_FRAMES_AHEAD = 10;

    /** Of so many lives, one ends before the server listens. */
    private static final int ENDS_WHILE_STARTING = 4;

    private static final int MAX_MILLIS_OF_STARTING = 1_000;
    private static final int MAX_MILLIS_OF_SERVING = 600;
    /** A start with a journal takes no more than a few times as long as the first one, without a journal. */
    private static final long MAX_FACTOR_OF_FIRST_START = 5;

    /** It is the start that matters here, and there are many. */
    private static final List<String> QUICK_START = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    @TempDir
    Path directory;

    @TempDir
    Path temporary;

    private final Ledger ledger = new Ledger();
    private final List<Long> millisToFirstEvent = new ArrayList<>();

    private Upstream relay() throws Exception {
        SyntheticOptions steady = Upstream.frames(0).withRate(RATE);
        return Upstream.start(steady, ledger);
    }

    private JarServer launch(Upstream upstream, String... flags) throws Exception {
        List<String> options = new ArrayList<>(QUICK_START);
        options.add("-Djava.io.tmpdir=" + temporary);
        return JarServer.launch(directory, upstream.relay().uri(), options, flags);
    }

    @Test
    void eachEventComesOnceAndInOrderOverTwentyKills() throws Exception {
        assertEachEventOnceOver(20);
    }

    @Test
    @Tag("soak")
    @Timeout(1_800)
    void eachEventComesOnceAndInOrderOverAHundredKills() throws Exception {
        assertEachEventOnceOver(100);
    }

    private void assertEachEventOnceOver(int kills) throws Exception {
        Random random = Seed.random(kills + " kills");
        try (Upstream upstream = relay();
                Follower follower = new Follower(ledger)) {
            live(upstream, follower, random);
            for (int kill = 2; kill <= kills; kill++) {
                if (random.nextInt(ENDS_WHILE_STARTING) == 0) {
                    startAndDie(upstream, random);
                } else {
                    live(upstream, follower, random);
                }
            }
            goOn(upstream, follower);
        }
        assertJournalIsWhole();
        report(kills);
    }

    private void report(int kills) {
        long[] sorted =
                millisToFirstEvent.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%d kills, %d of them while starting, %d events; start to first event in ms: median %d, most %d%n",
                kills, kills + 1 - sorted.length, ledger.count(), sorted[sorted.length / 2], sorted[sorted.length - 1]);
        assertThat(sorted[sorted.length / 2]).isLessThan(MAX_FACTOR_OF_FIRST_START * millisToFirstEvent.get(0));
    }

    /** Starts a server that is killed before anybody could ask for anything, more often than not. */
    private void startAndDie(Upstream upstream, Random random) throws Exception {
        try (JarServer server = launch(upstream)) {
            server.letRun(random.nextInt(MAX_MILLIS_OF_STARTING)).kill();
        }
    }

    /** Starts a server that brings the follower some more events, and is killed while it does. */
    private void live(Upstream upstream, Follower follower, Random random) throws Exception {
        try (JarServer server = awaitFirstEvent(upstream, follower)) {
            server.letRun(random.nextInt(MAX_MILLIS_OF_SERVING)).kill();
            follower.awaitClose();
            follower.assertNoFault();
        }
    }

    private JarServer awaitFirstEvent(Upstream upstream, Follower follower) throws Exception {
        long begun = System.nanoTime();
        long framesFollowed = follower.next() * upstream.source().newestSeq() / Math.max(1, ledger.count());
        long limit = framesFollowed + MAX_FRAMES_AHEAD;
        upstream.source().setLimit(limit);
        JarServer server = launch(upstream).awaitListening();
        int had = follower.received();
        follower.resume(server.address());
        Await.until(
                () -> {
                    // A journal without a block is gone on with live: there has to be something to come.
                    long newest = upstream.source().newestSeq();
                    upstream.source().setLimit(Math.max(limit, newest + MIN_FRAMES_AHEAD));
                    return follower.received() > had || follower.hasFault();
                },
                server::said);
        millisToFirstEvent.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        return server;
    }

    /** All that the relay sends until now comes, and a replay has the same events with the same times. */
    private void goOn(Upstream upstream, Follower follower) throws Exception {
        try (JarServer server = awaitFirstEvent(upstream, follower)) {
            assertSameAsReplay(upstream, server, follower);
            server.terminate();
            assertThat(server.awaitExit(30)).as(server.said()).isZero();
        }
    }

    private void assertJournalIsWhole() throws Exception {
        JarCommand check = JarCommand.run(directory, "journal", "check");
        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    private void assertSameAsReplay(Upstream upstream, JarServer server, Follower follower) throws Exception {
        long end = upstream.source().newestSeq() + RATE / 4;
        upstream.source().setLimit(end);
        upstream.awaitMade(end);
        follower.awaitEvent(ledger.count());
        try (Follower replay = new Follower(ledger, follower.first()).connect(server.address(), "?cursor=0")) {
            assertThat(replay.awaitEvent(ledger.count()).times()).isEqualTo(follower.times());
        }
    }

    @Test
    void twoKillsWithinASecondOfTheStartLoseNothing() throws Exception {
        Random random = Seed.random("kills within a second of the start");
        try (Upstream upstream = relay();
                Follower follower = new Follower(ledger)) {
            startAndDie(upstream, random);
            startAndDie(upstream, random);
            live(upstream, follower, random);
            startAndDie(upstream, random);
            startAndDie(upstream, random);
            goOn(upstream, follower);
        }
    }

    @Test
    void aKillWhileTheVeryFirstBlockIsWrittenLeavesAJournalThatGoesOn() throws Exception {
        try (Upstream upstream = relay();
                Follower follower = new Follower(ledger)) {
            upstream.relay().pause();
            try (JarServer server = launch(upstream).awaitListening();
                    JournalFile journal = JournalFile.of(directory)) {
                journal.holdWrites();
                upstream.relay().resume();
                Await.until(
                        () -> server.scrapeOrFail().value("consumer_events_sequenced_total") > 0, () -> "first events");
                server.kill();
                assertThat(journal.newest()).isZero();
            }
            goOn(upstream, follower);
        }
    }

    @Test
    void aKillRightBehindTheVeryFirstBlockKeepsIt() throws Exception {
        try (Upstream upstream = relay();
                Follower follower = new Follower(ledger, 0)) {
            upstream.relay().pause();
            try (JarServer server = launch(upstream).awaitListening();
                    JournalFile journal = JournalFile.readOnly(directory)) {
                upstream.relay().resume();
                Await.until(() -> journal.newest() > 0, () -> "a first block");
                server.kill();
            }
            goOn(upstream, follower);
        }
    }

    @Test
    void aKilledProcessLeavesNoLibraryBehind() throws Exception {
        Path native0 = Files.createDirectory(directory.resolve("data")).resolve("native");
        Files.createDirectory(native0);
        Files.writeString(native0.resolve("sqlite-0.0-of-a-killed-process-libsqlitejdbc.so"), "left behind");
        try (Upstream upstream = relay();
                JarServer server = launch(upstream).awaitListening()) {
            server.kill();
        }
        assertThat(names(temporary)).isEmpty();
        assertThat(names(directory.resolve("data"))).allMatch(name -> name.startsWith("journal."));
    }

    private static List<String> names(Path of) throws Exception {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
