package dev.jetstream.upstream;

import dev.jetstream.upstream.UpstreamMetrics.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * One socket to a relay, from name lookup to close, with a deadline.
 *
 * <p>One thread connects, reads and writes, and may block in any of these; any other thread ends it with {@link #abort} or
 * {@link #checkDeadline}, which close the channel. The deadline is checked from outside instead of being a timeout of each read,
 * since it is for whole frames: single bytes do not extend it.
 */
final class RelayLink implements AutoCloseable {
    private static final long NO_DEADLINE = Long.MIN_VALUE;

    private final RelayUrl url;
    private volatile long deadlineNanos = NO_DEADLINE;
    private volatile ConnectionEnd onDeadline;

    private SocketChannel channel;
    private ConnectionEnd aborted;
    private boolean reached;

    RelayLink(RelayUrl url) {
        this.url = url;
    }

    /**
     * Connects and, for {@code wss://}, does the TLS handshake.
     *
     * @param first index of the host's address to try first, so that the attempt after a timeout starts with another one
     */
    Transport connect(SSLContext tls, Duration timeout, int first) throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(url.host());
        IOException failure = null;
        for (int i = 0; i < addresses.length; i++) {
            InetAddress address = addresses[Math.floorMod(first + i, addresses.length)];
            SocketChannel candidate = SocketChannel.open();
            use(candidate);
            try {
                candidate.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                long share = Math.max(1, timeout.toMillis() / addresses.length);
                candidate.socket().connect(new InetSocketAddress(address, url.port()), (int)
                        Math.min(Integer.MAX_VALUE, share));
                reached = true;
                return url.tls()
                        ? TlsTransport.connect(candidate, tls, url.host(), url.port())
                        : Transport.plain(candidate);
            } catch (IOException e) {
                candidate.close();
                if (reached || isAborted()) {
                    throw e;
                }
                failure = e;
            }
        }
        throw failure;
    }

    private synchronized void use(SocketChannel candidate) throws IOException {
        channel = candidate;
        if (aborted != null) {
            candidate.close();
            throw aborted;
        }
    }

    private synchronized boolean isAborted() {
        return aborted != null;
    }

    /** Ends the link with {@code otherwise} at this time, unless the deadline is set again or lifted. */
    void setDeadline(long nanos, ConnectionEnd otherwise) {
        onDeadline = otherwise;
        deadlineNanos = nanos == NO_DEADLINE ? nanos + 1 : nanos;
    }

    void liftDeadline() {
        deadlineNanos = NO_DEADLINE;
    }

    /** Ends the link if its deadline has passed. Any thread. */
    void checkDeadline(long nowNanos) {
        long deadline = deadlineNanos;
        if (deadline != NO_DEADLINE && nowNanos - deadline >= 0) {
            abort(onDeadline);
        }
    }

    /** Closes the socket; the link's end is the {@code why} of the first call. Any thread. */
    synchronized void abort(ConnectionEnd why) {
        if (aborted == null) {
            aborted = why;
        }
        close();
    }

    @Override
    public synchronized void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The descriptor is gone either way, and unsent bytes are of no use.
            }
        }
    }

    /** The reason for a failure of this link. */
    synchronized ConnectionEnd endOf(IOException failure) {
        if (aborted != null) {
            return aborted;
        }
        if (failure instanceof ConnectionEnd end) {
            return end;
        }
        if (failure instanceof SSLException e) {
            return new ConnectionEnd(End.TLS, TlsTransport.describe(e, url.host()));
        }
        if (failure instanceof UnknownHostException) {
            return new ConnectionEnd(End.UNREACHABLE, "unknown host " + url.host());
        }
        String what = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return reached
                ? new ConnectionEnd(End.DROPPED, "the connection broke: " + what)
                : new ConnectionEnd(End.UNREACHABLE, "cannot connect to " + url.hostHeader() + ": " + what);
    }
}
