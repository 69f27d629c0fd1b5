package dev.jetstream.app;

import dev.jetstream.journal.store.JournalException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Turns what can go wrong at a start into one sentence with its fix. */
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

    /**
     * Checks that an address can be bound, before anything that takes long: opening a large journal, for instance.
     *
     * @param setting the names of the setting, for the operator
     */
    static void checkFree(InetSocketAddress address, String setting) throws StartupException {
        listen(address, setting, () -> {
            try (ServerSocketChannel channel = ServerSocketChannel.open()) {
                return channel.bind(address);
            }
        });
    }

    /** @param setting the names of the setting, for the operator */
    static <T> T listen(InetSocketAddress address, String setting, Binding<T> binding) throws StartupException {
        try {
            return binding.bind();
        } catch (IOException e) {
            throw cannotBind(address, setting, e);
        }
    }

    private static StartupException cannotBind(InetSocketAddress address, String key, Exception cause) {
        return new StartupException(
                "cannot listen on " + address.getHostString() + ":" + address.getPort() + " (" + cause.getMessage()
                        + "): stop what uses the port, or set " + key + " to another address",
                cause);
    }
}
