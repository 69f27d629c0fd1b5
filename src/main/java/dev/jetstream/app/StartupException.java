package dev.jetstream.app;

import dev.jetstream.journal.store.JournalException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Says in one sentence why the server cannot start and how to fix it. */
public final class StartupException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Binds a listener. */
    @FunctionalInterface
    interface Binding<T> {
        T bind() throws IOException;
    }

    /** @param sentence for the operator: what is wrong, and what to do */
    public StartupException(String sentence) {
        super(sentence);
    }

    public StartupException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** Waits until a part is ready. */
    static <T> T await(CompletionStage<T> part) throws StartupException {
        try {
            return part.toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw new StartupException(
                    cause instanceof JournalException ? cause.getMessage() : "cannot start: " + cause, cause);
        }
    }

    /** Binds an address and closes it again, to find out early that it is taken. */
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
            throw new StartupException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + " (" + e.getMessage()
                            + "): stop what uses the port, or set " + setting + " to another address",
                    e);
        }
    }
}
