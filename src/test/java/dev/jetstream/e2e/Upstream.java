package dev.jetstream.e2e;

import dev.jetstream.relay.RelayOptions;
import dev.jetstream.relay.RelayServer;
import dev.jetstream.relay.SentFrame;
import dev.jetstream.relay.SyntheticOptions;
import dev.jetstream.relay.SyntheticSource;
import java.io.IOException;
import java.util.function.Consumer;

/** A relay on a socket with its made-up frames. */
record Upstream(RelayServer relay, SyntheticSource source) implements AutoCloseable {
    private static final long BACKLOG_BYTES = 256L << 20;

    /** As many frames as asked for, as fast as they are taken. */
    static SyntheticOptions frames(long limit) {
        return SyntheticOptions.defaults().withRate(0).withLimit(limit).withBacklog(200_000, BACKLOG_BYTES);
    }

    static Upstream start(SyntheticOptions options, Consumer<SentFrame> listener) throws IOException {
        return start(options, RelayOptions.anyPort(), listener);
    }

    static Upstream start(SyntheticOptions options, RelayOptions where, Consumer<SentFrame> listener)
            throws IOException {
        SyntheticSource source = SyntheticSource.create(options, listener);
        return new Upstream(RelayServer.start(source, where), source);
    }

    /** Waits until all frames up to {@code seq} were made. */
    void awaitMade(long seq) {
        Await.until(() -> source.newestSeq() >= seq, () -> "frame " + seq + ", made " + source.newestSeq());
    }

    /** Closes the relay with its connections. */
    void stop() {
        relay.close();
    }

    @Override
    public void close() {
        relay.close();
    }
}
