package dev.jetstream.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's limit on open files, as it bounds connections: a process whose sockets took the last descriptor can open no file
 * any more, the journal's among them.
 */
final class Descriptors {
    private static final Logger LOG = LoggerFactory.getLogger(Descriptors.class);
    /** For files, the relay, other listeners, and refused connections that still linger. */
    private static final long RESERVED = 512;

    private static final long MIN_CONNECTIONS = 16;

    private Descriptors() {}

    /** As many connections as wished, or as the limit has room for: then it says so in the log. */
    static int connections(int wished) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return wished;
        }
        int bounded = bounded(wished, system.getMaxFileDescriptorCount());
        if (bounded < wished) {
            LOG.info(
                    "fewer connections than configured: the limit on open files is low max_connections={} served={} limit={}"
                            + " (raise it: ulimit -n {}, or LimitNOFILE)",
                    wished,
                    bounded,
                    system.getMaxFileDescriptorCount(),
                    wished + RESERVED);
        }
        return bounded;
    }

    /** Connections that fit below a limit; a negative one is unknown. */
    static int bounded(int wished, long limit) {
        return limit < 0 ? wished : (int) Math.min(wished, Math.max(MIN_CONNECTIONS, limit - RESERVED));
    }
}
