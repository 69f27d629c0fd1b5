package dev.jetstream.cli;

import dev.jetstream.client.EventLine;
import dev.jetstream.client.JetstreamException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Writes each event as a line, on the client's thread, so that a blocked output holds back the socket. */
final class TailSubscriber implements Flow.Subscriber<EventLine> {
    private final LineOutput output;
    private final long limit;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Flow.Subscription subscription;
    private long count;

    /** @param limit number of lines to write; {@link Long#MAX_VALUE} for all */
    TailSubscriber(LineOutput output, long limit) {
        this.output = output;
        this.limit = limit;
    }

    /** Completes at the limit; fails with the output's {@link IOException} or the client's {@link JetstreamException}. */
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
        if (++count >= limit) {
            subscription.cancel();
            ended.complete(null);
        }
    }

    /** JSON has line breaks only between tokens, where a space means the same. */
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
