package dev.jetstream.app;

import dev.jetstream.config.ConfigLoader;
import java.net.InetSocketAddress;

/** A running server: the pipeline, its listeners, and their end. */
public final class Server implements AutoCloseable {
    private Server() {}

    /**
     * Starts everything; when it returns, both listeners are bound.
     *
     * @throws StartupException if the port is taken, the data directory of no use, or the journal locked or too new
     */
    public static Server start(ConfigLoader.Loaded loaded) throws StartupException {
        throw new StartupException("this build has no pipeline yet: " + loaded.source());
    }

    /** Where the public listener is bound. */
    public InetSocketAddress httpAddress() {
        throw new IllegalStateException("not bound");
    }

    /** Where {@code /metrics} is bound. */
    public InetSocketAddress metricsAddress() {
        throw new IllegalStateException("not bound");
    }

    /**
     * Waits for the end, which TERM, INT or {@link #close()} brings.
     *
     * @return the process's exit code: 0 after an orderly stop
     */
    public int awaitTermination() {
        return 0;
    }

    /** Stops in order, and returns when all is stopped. */
    @Override
    public void close() {}
}
