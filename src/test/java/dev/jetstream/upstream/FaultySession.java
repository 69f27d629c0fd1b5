package dev.jetstream.upstream;

import dev.jetstream.config.UpstreamConfig;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;

/** A relay's session whose every look at the clock may throw. */
public final class FaultySession {
    private FaultySession() {}

    /** @param beforeEachLook is run by whoever looks at the clock */
    public static RelaySession create(UpstreamConfig config, Runnable beforeEachLook) {
        Timing real = Timing.system();
        Timing faulty = new Timing() {
            @Override
            public long nanoTime() {
                beforeEachLook.run();
                return real.nanoTime();
            }

            @Override
            public void pause(Duration duration, CountDownLatch stopped) throws InterruptedException {
                real.pause(duration, stopped);
            }

            @Override
            public double random() {
                return real.random();
            }
        };
        try {
            return new RelaySession(config, new UpstreamMetrics(), SSLContext.getDefault(), faulty);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
