package dev.jetstream.app;

import dev.jetstream.journal.JournalException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Turns what can go wrong at a start into one sentence with its mend. */
final class Startup {
    private Startup() {}

    /** Something that binds a listener. */
    interface Binding<T> {
        T bind() throws IOException;
    }

    /** Waits for a part to be ready. */
    static <T> T await(CompletionStage<T> part) throws StartupException {
        try {
            return part.toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof JournalException) {
                throw new StartupException(cause.getMessage(), cause);
            }
            throw new StartupException("cannot start: " + cause, cause);
        }
    }

    static <T> T listen(InetSocketAddress address, Binding<T> binding) throws StartupException {
        try {
            return binding.bind();
        } catch (IOException e) {
            throw cannotBind(address, "jetstream.http.listen (--listen-addr, JETSTREAM_LISTEN_ADDR)", e);
        }
    }

    /** Waits for the listener of the metrics. */
    static <T> T listenForMetrics(InetSocketAddress address, CompletionStage<T> binding) throws StartupException {
        try {
            return binding.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException reason) {
                throw cannotBind(
                        address,
                        "jetstream.metrics.listen (--metrics-listen-addr, JETSTREAM_METRICS_LISTEN_ADDR)",
                        reason);
            }
            throw new StartupException("cannot start: " + e.getCause(), e);
        }
    }

    private static StartupException cannotBind(InetSocketAddress address, String key, Exception cause) {
        return new StartupException(
                "cannot listen on " + address.getHostString() + ":" + address.getPort() + " (" + cause.getMessage()
                        + "): stop what uses the port, or set " + key + " to another address",
                cause);
    }
}
