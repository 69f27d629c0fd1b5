package dev.jetstream.journal.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AsyncSemaphoreTest {
    private final List<CompletableFuture<String>> started = new ArrayList<>();
    private final AsyncSemaphore semaphore = new AsyncSemaphore(2);

    private CompletableFuture<String> run() {
        return semaphore.run(() -> {
            CompletableFuture<String> task = new CompletableFuture<>();
            started.add(task);
            return task;
        });
    }

    @Test
    void onlySoManyRunAtATimeAndTheOthersFollowInOrder() {
        List<CompletableFuture<String>> results = List.of(run(), run(), run(), run());
        assertThat(started).hasSize(2);
        assertThat(semaphore.hasRoom()).isFalse();
        started.get(1).complete("b");
        assertThat(started).hasSize(3);
        started.get(2).complete("c");
        started.get(0).completeExceptionally(new IllegalStateException());
        started.get(3).complete("d");
        assertThat(results.get(0)).isCompletedExceptionally();
        assertThat(results.get(1)).isCompletedWithValue("b");
        assertThat(results.get(2)).isCompletedWithValue("c");
        assertThat(results.get(3)).isCompletedWithValue("d");
        assertThat(semaphore.hasRoom()).isTrue();
    }

    @Test
    void aTaskThatThrowsReleasesItsPermit() {
        CompletableFuture<String> failed = semaphore.run(() -> {
            throw new IllegalStateException("no");
        });
        assertThat(failed).isCompletedExceptionally();
        run();
        run();
        assertThat(started).hasSize(2);
    }
}
