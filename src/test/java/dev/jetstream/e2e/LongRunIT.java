package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long day: subscribers come and go, change their filters, replay; each of them gets what it asked for, and the server needs no
 * more at the end than at the beginning. {@code -Djetstream.soak.minutes} says how long.
 */
@Tag("soak")
@Timeout(value = 5, unit = TimeUnit.HOURS)
class LongRunIT {
    private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("jetstream.soak.minutes", 60));
    private static final double FRAMES_A_SECOND = 1_700;
    private static final int VISITORS = 200;
    private static final int SAMPLES = 20;
    private static final List<String> COLLECTIONS = List.of(
            "app.bsky.feed.post",
            "app.bsky.feed.like",
            "app.bsky.feed.*",
            "app.bsky.graph.*",
            "app.bsky.actor.profile");
    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    private static final Map<String, String> USUAL = Map.of("JETSTREAM_SUBSCRIBER_STALL_TIMEOUT", "60s");

    @TempDir
    Path directory;

    private final Random random = Seed.random("who comes and goes in " + LENGTH);
    private final RecentEvents events = new RecentEvents();
    private final List<Visitor> visitors = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Double> heaps = new ArrayList<>();
    private final List<Double> files = new ArrayList<>();
    private JarServer server;
    private long checked;
    private long visits;

    @Test
    void everybodyGetsWhatItAskedForAndTheServerStaysAsItIs() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(0).withRate(FRAMES_A_SECOND), events);
                JarServer started = JarServer.start(directory, upstream.relay().uri(), JVM, USUAL)) {
            server = started;
            Await.until(() -> events.count() > 1_000, () -> "the first events");
            for (int i = 0; i < VISITORS; i++) {
                visitors.add(new Visitor(events, someFilter()).live(server.address()));
            }
            long begun = System.nanoTime();
            for (int sample = 1; sample <= SAMPLES; sample++) {
                long until = begun + LENGTH.toNanos() / SAMPLES * sample;
                while (System.nanoTime() - until < 0) {
                    somethingHappens();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
                sample();
            }
            for (Visitor visitor : visitors) {
                end(visitor);
            }
            report();
            assertThat(server.said()).doesNotContain("ERROR", "Exception", "OutOfMemory");
        }
        assertThat(faults).isEmpty();
        assertThat(checked).isGreaterThan(LENGTH.toSeconds() * VISITORS);
        assertThat(late(heaps)).isLessThan(early(heaps) * 1.05 + 2e6);
        assertThat(late(files)).isLessThan(early(files) + 10);
    }

    /** One goes and another comes; some others change their minds. */
    private void somethingHappens() throws IOException {
        int which = random.nextInt(VISITORS);
        if (random.nextInt(5) == 0) {
            Visitor old = visitors.get(which);
            end(old);
            visitors.set(which, next(old));
        }
        for (int change = 0; change < 2; change++) {
            Visitor visitor = visitors.get(random.nextInt(VISITORS));
            try {
                visitor.change(someFilter());
            } catch (IOException e) {
                faults.add("cannot send: " + visitor.fault());
            }
        }
    }

    private Visitor next(Visitor old) throws IOException {
        Visitor visitor = new Visitor(events, someFilter());
        return old.received() > 0 && events.knows(old.lastPlace()) && random.nextBoolean()
                ? visitor.from(server.address(), old.lastPlace(), old.lastTime())
                : visitor.live(server.address());
    }

    private void end(Visitor visitor) throws IOException {
        String fault = visitor.fault();
        if (!fault.isEmpty()) {
            faults.add(fault);
        }
        visitor.leave();
        checked += visitor.received();
        visits++;
    }

    private TestFilter someFilter() {
        TestFilter filter = TestFilter.ALL;
        if (random.nextBoolean()) {
            Set<String> names = new LinkedHashSet<>();
            for (int i = random.nextInt(2); i >= 0; i--) {
                names.add(COLLECTIONS.get(random.nextInt(COLLECTIONS.size())));
            }
            filter = TestFilter.collections(names.toArray(new String[0]));
        }
        if (random.nextInt(4) == 0) {
            Set<String> dids = new LinkedHashSet<>();
            for (int i = 0; i < 20; i++) {
                dids.add(events.did(events.count() - 1 - random.nextInt(1_000)));
            }
            filter = filter.withDids(dids);
        }
        return random.nextInt(4) == 0 ? filter.withMaxBytes(300 + random.nextInt(600)) : filter;
    }

    private void sample() throws Exception {
        heaps.add((double) server.liveHeapBytes());
        files.add(server.scrape().value("process_open_fds"));
    }

    /** After warming up; for a long run, that is long over. */
    private static double early(List<Double> samples) {
        return mean(samples.subList(SAMPLES * 3 / 10, SAMPLES * 6 / 10));
    }

    private static double late(List<Double> samples) {
        return mean(samples.subList(SAMPLES * 7 / 10, SAMPLES));
    }

    private static double mean(List<Double> samples) {
        return samples.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    private void report() {
        System.out.printf(
                "%d events of the relay, %d visits, %d messages checked, %d mismatches; heap after collection %.1f MB"
                        + " then %.1f MB, open files %.0f then %.0f%n",
                events.count(),
                visits,
                checked,
                faults.size(),
                early(heaps) / 1e6,
                late(heaps) / 1e6,
                early(files),
                late(files));
    }
}
