package dev.jetstream.upstream;

import dev.jetstream.upstream.UpstreamMetrics.End;
import java.io.IOException;
import java.time.Duration;

/** The end of a connection to the relay, with its reason. It has no stack trace, since it is an outcome and not a bug. */
final class ConnectionEnd extends IOException {
    private final End reason;
    private final Duration retryAfter;

    ConnectionEnd(End reason, String detail) {
        this(reason, detail, Duration.ZERO);
    }

    /** @param retryAfter the wait that the relay asked for, or zero */
    ConnectionEnd(End reason, String detail, Duration retryAfter) {
        super(detail);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    End reason() {
        return reason;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
