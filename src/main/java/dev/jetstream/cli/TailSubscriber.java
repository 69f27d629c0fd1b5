package dev.jetstream.cli;

import dev.jetstream.client.EventLine;
import dev.jetstream.client.JetstreamException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Writes each line as it comes, on the client's thread: an output that is stuck holds the socket back. */
final class TailSubscriber implements Flow.Subscriber<EventLine> {
    private final LineOutput output;
    private final TailProgress progress;
    private final long limit;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Flow.Subscription subscription;
    private long count;

    /** @param limit how many lines to write; {@link Long#MAX_VALUE}: all */
    TailSubscriber(LineOutput output, TailProgress progress, long limit) {
        this.output = output;
        this.progress = progress;
        this.limit = limit;
    }

    /** Completes at the limit; fails with the output's {@link IOException}, or with {@link JetstreamException}. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(limit);
    }

    @Override
    public void onNext(EventLine line) {
        try {
            output.line(oneLine(line.json()));
        } catch (IOException e) {
            subscription.cancel();
            ended.completeExceptionally(e);
            return;
        }
        progress.event(line.timeUs(), System.nanoTime(), ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        if (++count >= limit) {
            subscription.cancel();
            ended.complete(null);
        }
    }

    /** Between a JSON's tokens a line break is a space like others; inside its strings there is none. */
    private static String oneLine(String json) {
        return json.indexOf('\n') < 0 && json.indexOf('\r') < 0
                ? json
                : json.replace('\n', ' ').replace('\r', ' ');
    }

    @Override
    public void onError(Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        ended.complete(null);
    }
}
