package dev.jetstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class AckTrackerTest {
    @Test
    void theCursorStaysBeforeTheFirstUnfinishedEvent() throws InterruptedException {
        AckTracker tracker = new AckTracker(10);
        assertThat(tracker.cursor()).isEmpty();
        tracker.started(100);
        tracker.started(200);
        tracker.started(200);
        tracker.started(300);
        tracker.finished(300);
        assertThat(tracker.cursor()).hasValue(99);
        tracker.finished(100);
        tracker.finished(200);
        assertThat(tracker.cursor()).hasValue(199);
        tracker.finished(200);
        assertThat(tracker.cursor()).hasValue(300);
    }

    @Test
    void tooManyUnfinishedEventsHoldTheNextOneBack() throws InterruptedException {
        AckTracker tracker = new AckTracker(1);
        tracker.started(1);
        CountDownLatch entered = new CountDownLatch(1);
        Thread second = new Thread(() -> {
            try {
                tracker.started(2);
                entered.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        second.start();
        while (second.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(entered.getCount()).isEqualTo(1);
        tracker.finished(1);
        entered.await();
        assertThat(tracker.cursor()).hasValue(1);
    }

    @Test
    void anEventThatWasNotStartedCannotFinish() {
        assertThatThrownBy(() -> new AckTracker(1).finished(5)).hasMessage("no unfinished event of time_us 5");
        assertThatThrownBy(() -> new AckTracker(0)).hasMessageContaining("1 or more");
    }
}
