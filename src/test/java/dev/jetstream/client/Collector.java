package dev.jetstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A subscriber that keeps what it gets, for a test to wait for. */
class Collector<T> implements Flow.Subscriber<T> {

    private final long demand;
    private final BlockingQueue<T> items = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    volatile Flow.Subscription subscription;

    Collector(long demand) {
        this.demand = demand;
    }

    static <T> Collector<T> of(Flow.Publisher<T> publisher) {
        return of(publisher, Long.MAX_VALUE);
    }

    static <T> Collector<T> of(Flow.Publisher<T> publisher, long demand) {
        Collector<T> collector = new Collector<>(demand);
        publisher.subscribe(collector);
        return collector;
    }

    /** The next items, waited for. */
    List<T> take(int count) {
        List<T> taken = new ArrayList<>();
        try {
            while (taken.size() < count) {
                T item = items.poll(Patience.SECONDS, TimeUnit.SECONDS);
                assertThat(item).as("item %d of %d", taken.size() + 1, count).isNotNull();
                taken.add(item);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return taken;
    }

    int waiting() {
        return items.size();
    }

    /** Waits for the stream's failure. */
    Throwable failure() {
        try {
            ended.get(Patience.SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("completed without a failure");
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for the stream's completion. */
    void completed() {
        try {
            ended.get(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        if (demand > 0) {
            subscription.request(demand);
        }
    }

    @Override
    public void onNext(T item) {
        items.add(item);
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
