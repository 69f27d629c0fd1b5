package dev.jetstream.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UpgradeRateTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    private int allowed(UpgradeRate rate, int asked) {
        int allowed = 0;
        for (int i = 0; i < asked; i++) {
            allowed += rate.allowsOne() ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void a_seconds_worth_may_come_at_once_and_no_more() {
        UpgradeRate rate = new UpgradeRate(10, nanos::get);
        assertThat(allowed(rate, 100)).isEqualTo(10);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(allowed(rate, 100)).isEqualTo(5);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(allowed(rate, 100)).isEqualTo(10);
    }

    @Test
    void zero_is_no_limit() {
        assertThat(allowed(new UpgradeRate(0, nanos::get), 1_000)).isEqualTo(1_000);
    }
}
