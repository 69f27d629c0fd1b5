package dev.jetstream.journal.read;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A FIFO asynchronous semaphore: it bounds how many tasks run at a time. Any thread. */
final class AsyncSemaphore {
    private final int permits;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    AsyncSemaphore(int permits) {
        this.permits = permits;
    }

    /** Runs a task as soon as there is a permit. */
    <T> CompletableFuture<T> run(Supplier<CompletionStage<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable start = () -> start(task, result);
        synchronized (this) {
            if (running == permits) {
                waiting.add(start);
                return result;
            }
            running++;
        }
        start.run();
        return result;
    }

    /** Whether a task would run at once. */
    synchronized boolean hasRoom() {
        return running < permits;
    }

    private <T> void start(Supplier<CompletionStage<T>> task, CompletableFuture<T> result) {
        CompletionStage<T> started;
        try {
            started = task.get();
        } catch (RuntimeException e) {
            started = CompletableFuture.failedFuture(e);
        }
        started.whenComplete((value, failure) -> {
            startNext();
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private void startNext() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                running--;
            }
        }
        if (next != null) {
            next.run();
        }
    }
}
