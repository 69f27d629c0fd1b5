package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jetstream.app.StartupException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** A relay, the journal of a server that had all of it and was stopped, ways to damage its file, and the server after that. */
final class DamagedServer implements AutoCloseable {
    static final String SKIP = "skip";
    static final String STOP = "stop";
    /** Frames that {@link #sendMore} brings. */
    static final int FRAMES_MORE = 1_000;

    private static final int FRAMES = 6_000;
    private static final Map<String, String> SMALL_BLOCKS = Map.of(
            "jetstream.sequence.max-events", "10",
            "jetstream.sequence.min-interval", "0s",
            "jetstream.sequence.max-interval", "0s");

    final Path directory;
    final Ledger ledger = new Ledger();
    final Upstream upstream;
    final Random random = Seed.random("damage");
    /** The newest event's time before the damage. */
    final long lastTime;

    DamagedServer(Path directory) throws Exception {
        this.directory = directory;
        upstream = Upstream.start(Upstream.frames(FRAMES), ledger);
        try (TestServer server = serve(STOP);
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            upstream.awaitMade(FRAMES);
            lastTime = follower.awaitEvent(ledger.count()).lastTime();
        }
    }

    /** The journal's file. */
    Path file() {
        return JournalFile.path(directory);
    }

    TestServer serve(String onDamage) throws Exception {
        return serve(onDamage, () -> System.currentTimeMillis() * 1_000);
    }

    TestServer serve(String onDamage, LongSupplier wallUs) throws Exception {
        return serve(wallUs, Map.of("jetstream.journal.on-damage", onDamage));
    }

    /** @param more values by full key */
    TestServer serve(LongSupplier wallUs, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(SMALL_BLOCKS);
        settings.putAll(more);
        return TestServer.start(directory.resolve("data"), upstream.relay().uri(), settings, wallUs);
    }

    /** Lets the relay send some more frames. */
    void sendMore() {
        long end = upstream.source().newestSeq() + FRAMES_MORE;
        upstream.source().setLimit(end);
        upstream.awaitMade(end);
    }

    /** Something about the journal's blocks. */
    long ask(ToLongFunction<JournalFile> question) throws Exception {
        try (JournalFile journal = JournalFile.of(directory)) {
            return question.applyAsLong(journal);
        }
    }

    /** Flips one bit of a block. */
    void flipBit(long block) throws Exception {
        try (JournalFile journal = JournalFile.of(directory)) {
            journal.flipBit(block, random);
        }
    }

    /** Overwrites a page of the file. */
    void overwrite(ToLongFunction<JournalFile> page) throws Exception {
        long number = ask(page);
        byte[] garbage = new byte[Math.toIntExact(ask(journal -> journal.number("PRAGMA page_size")))];
        random.nextBytes(garbage);
        garbage[0] = 0;
        try (RandomAccessFile pages = new RandomAccessFile(file().toFile(), "rw")) {
            pages.seek((number - 1) * garbage.length);
            pages.write(garbage);
        }
    }

    /** Cuts the end of the file off. */
    void cutOff() throws IOException {
        try (RandomAccessFile cut = new RandomAccessFile(file().toFile(), "rw")) {
            cut.setLength(cut.length() * 6 / 10);
        }
    }

    /** What {@code journal check} says, which must not be that all is well. */
    String check() throws Exception {
        JarCommand check = JarCommand.run(directory, "journal", "check");
        assertThat(check.exitCode()).as(check.output()).isOne();
        return check.output();
    }

    /** It does not start, and says all this in one sentence, which is given back. */
    String assertRefused(String onDamage, String... says) {
        StartupException refusal = catchThrowableOfType(
                StartupException.class, () -> serve(onDamage).close());
        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).contains(says).doesNotContain("\n");
        return refusal.getMessage();
    }

    /** Moves the file away, with its companions. */
    void moveAway() throws IOException {
        for (String end : List.of("", "-wal", "-shm")) {
            Path file = file().resolveSibling("journal.sqlite" + end);
            if (Files.exists(file)) {
                Files.move(file, directory.resolve("moved" + end));
            }
        }
    }

    @Override
    public void close() {
        upstream.close();
    }
}
