package dev.jetstream.upstream;

import dev.jetstream.common.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS over a channel: {@code wss://}, with the certificate's chain and host name checked.
 *
 * <p>One read decrypts all whole records that the socket brought. (A JDK {@code SSLSocket} returns one record of at most 16 KiB per
 * read: three frames per batch.)
 */
final class TlsTransport implements Transport {
    private static final int NET_IN_BYTES = 256 * 1024;
    private static final int MAX_CAUSES = 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    /** Encrypted bytes not yet decrypted, from position to limit. */
    private final ByteBuffer netIn;

    private final ByteBuffer netOut;
    /** Decrypted bytes for which the reader's buffer had no room, from position to limit. */
    private final ByteBuffer spare;

    private TlsTransport(SocketChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        netIn = ByteBuffer.allocateDirect(
                        Math.max(NET_IN_BYTES, engine.getSession().getPacketBufferSize()))
                .flip();
        netOut = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        spare = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize())
                .flip();
    }

    /**
     * Does the handshake.
     *
     * @param host the certificate must be valid for it
     * @throws SSLException when the peer cannot be trusted or does not speak TLS
     */
    static TlsTransport connect(SocketChannel channel, SSLContext context, String host, int port) throws IOException {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        TlsTransport transport = new TlsTransport(channel, engine);
        transport.handshake();
        return transport;
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            if (!proceed()) {
                SSLEngineResult result = engine.unwrap(netIn, spare.clear());
                spare.flip();
                if (result.getStatus() == Status.BUFFER_UNDERFLOW && !receive()
                        || result.getStatus() == Status.CLOSED) {
                    throw new SSLException("the relay ended the connection during the TLS handshake");
                }
            }
        }
    }

    /** Runs the engine's tasks or sends its bytes; false if it needs the peer's bytes or nothing. */
    private boolean proceed() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
                    task.run();
                }
                return true;
            }
            case NEED_WRAP -> {
                wrap(NOTHING.duplicate());
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        if (spare.hasRemaining()) {
            return moveSpare(to);
        }
        int before = to.position();
        while (true) {
            boolean roomy = to.remaining() >= spare.capacity();
            if (!roomy && to.position() > before) {
                return to.position() - before;
            }
            SSLEngineResult result = roomy ? engine.unwrap(netIn, to) : unwrapToSpare();
            while (proceed()) {
                // such as a key update, answered at once
            }
            if (spare.hasRemaining()) {
                return moveSpare(to);
            }
            boolean brought = to.position() > before;
            switch (result.getStatus()) {
                case OK -> {}
                case BUFFER_UNDERFLOW -> {
                    if (brought) {
                        return to.position() - before;
                    }
                    if (!receive()) {
                        return -1;
                    }
                }
                case CLOSED -> {
                    return brought ? to.position() - before : -1;
                }
                case BUFFER_OVERFLOW -> throw new SSLException("a TLS record is larger than the session allows");
            }
        }
    }

    private SSLEngineResult unwrapToSpare() throws SSLException {
        spare.clear();
        try {
            return engine.unwrap(netIn, spare);
        } finally {
            spare.flip();
        }
    }

    private int moveSpare(ByteBuffer to) {
        int n = Math.min(spare.remaining(), to.remaining());
        to.put(spare.slice(spare.position(), n));
        spare.position(spare.position() + n);
        return n;
    }

    private boolean receive() throws IOException {
        netIn.compact();
        try {
            return channel.read(netIn) >= 0;
        } finally {
            netIn.flip();
        }
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            wrap(from);
        }
    }

    private void wrap(ByteBuffer from) throws IOException {
        netOut.clear();
        if (engine.wrap(from, netOut).getStatus() == Status.CLOSED && from.hasRemaining()) {
            throw new SSLException("the TLS session is closed");
        }
        netOut.flip();
        while (netOut.hasRemaining()) {
            channel.write(netOut);
        }
    }

    /** Says what a failed handshake means and what to do. */
    static String describe(SSLException failure, String host) {
        String untrusted = null;
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; cause = cause.getCause(), i++) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return "the certificate of " + host + " is not valid today: " + cause.getMessage();
            }
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                untrusted = "the certificate of " + host
                        + " is not trusted: none of the authorities that this JVM knows issued it"
                        + " (-Djavax.net.ssl.trustStore=FILE names others)";
            } else if (untrusted == null && cause instanceof CertificateException && cause.getCause() == null) {
                return "the certificate does not fit the host " + host + ": " + Text.cut(cause.getMessage());
            }
        }
        return untrusted != null ? untrusted : "TLS with " + host + " failed: " + Text.cut(failure.getMessage());
    }
}
