package dev.jetstream.journal.read;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Lets at most so many asynchronous tasks run at a time; the others wait in the order in which they came. Any thread. */
final class Turns {
    private final int most;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    Turns(int most) {
        this.most = most;
    }

    /** Runs a task when its turn comes. */
    <T> CompletableFuture<T> run(Supplier<CompletionStage<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable turn = () -> start(task, result);
        synchronized (this) {
            if (running == most) {
                waiting.add(turn);
                return result;
            }
            running++;
        }
        turn.run();
        return result;
    }

    /** Tasks that wait. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** Whether a task would run at once. */
    synchronized boolean hasRoom() {
        return running < most;
    }

    private <T> void start(Supplier<CompletionStage<T>> task, CompletableFuture<T> result) {
        CompletionStage<T> started;
        try {
            started = task.get();
        } catch (RuntimeException e) {
            started = CompletableFuture.failedFuture(e);
        }
        started.whenComplete((value, failure) -> {
            next();
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private void next() {
        Runnable turn;
        synchronized (this) {
            turn = waiting.poll();
            if (turn == null) {
                running--;
            }
        }
        if (turn != null) {
            turn.run();
        }
    }
}
