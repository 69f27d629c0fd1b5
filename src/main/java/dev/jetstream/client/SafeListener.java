package dev.jetstream.client;

import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a user's listener throws from harming the stream. */
final class SafeListener implements JetstreamListener {
    private static final Logger LOG = LoggerFactory.getLogger(Jetstream.class);

    private final JetstreamListener to;

    SafeListener(JetstreamListener to) {
        this.to = to;
    }

    @Override
    public void onConnected(URI server, OptionalLong cursor) {
        guard(() -> to.onConnected(server, cursor));
    }

    @Override
    public void onDisconnected(URI server, String reason, Duration retryIn) {
        guard(() -> to.onDisconnected(server, reason, retryIn));
    }

    @Override
    public void onSkipped(URI server, String reason) {
        guard(() -> to.onSkipped(server, reason));
    }

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.warn("The listener failed", e);
        }
    }
}
