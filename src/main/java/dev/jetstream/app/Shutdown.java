package dev.jetstream.app;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the steps of a stop: one that fails or takes too long is said, and the next one goes on all the same. */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    void await(String what, CompletionStage<?> done, Duration atMost) {
        try {
            done.toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("stop goes on without waiting longer step={} waited_ms={}", what, atMost.toMillis());
        } catch (ExecutionException e) {
            LOG.warn(
                    "a step of the stop failed step={} reason={}",
                    what,
                    e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
