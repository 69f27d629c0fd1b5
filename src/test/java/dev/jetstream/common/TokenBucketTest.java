package dev.jetstream.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    /** About to overflow. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    private TokenBucket bucket(double perSecond, double burst) {
        return new TokenBucket(perSecond, burst, nanos::get);
    }

    private static int taken(TokenBucket bucket, int asked) {
        int taken = 0;
        for (int i = 0; i < asked; i++) {
            taken += bucket.takeOne() ? 1 : 0;
        }
        return taken;
    }

    private void pass(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void theBurstMayBeTakenAtOnceAndThenWhatTimeBrings() {
        TokenBucket bucket = bucket(10, 20);

        assertThat(taken(bucket, 100)).isEqualTo(20);
        pass(500);
        assertThat(taken(bucket, 100)).isEqualTo(5);
        pass(3_600_000);
        assertThat(taken(bucket, 100)).isEqualTo(20);
    }

    @Test
    void aBucketOfLessThanOneHoldsOne() {
        TokenBucket bucket = bucket(0.5, 0.5);

        assertThat(taken(bucket, 10)).isEqualTo(1);
        pass(1_000);
        assertThat(taken(bucket, 10)).isZero();
        pass(1_000);
        assertThat(taken(bucket, 10)).isEqualTo(1);
    }

    @Test
    void whatIsTakenBeyondItsContentIsMissingLater() {
        TokenBucket bucket = bucket(10, 10);
        bucket.take(25);

        pass(1_500);
        assertThat(bucket.available()).isZero();
        pass(500);
        assertThat(bucket.available()).isEqualTo(5);
    }

    @Test
    void zeroIsNoLimit() {
        TokenBucket bucket = bucket(0, 0);
        bucket.take(Integer.MAX_VALUE);

        assertThat(taken(bucket, 1_000)).isEqualTo(1_000);
        assertThat(bucket.available()).isEqualTo(Integer.MAX_VALUE);
    }

    @Property(tries = 200)
    void neverMoreThanTheBurstAndTheRateAllow(
            @ForAll @IntRange(min = 1, max = 1_000) int perSecond,
            @ForAll @IntRange(min = 1, max = 2_000) int burst,
            @ForAll Random random) {
        TokenBucket bucket = bucket(perSecond, burst);
        long millis = 0;
        int taken = taken(bucket, 50);
        for (int i = 0; i < 100; i++) {
            int pause = random.nextInt(200);
            pass(pause);
            millis += pause;
            taken += taken(bucket, random.nextInt(60));
        }

        assertThat(taken).isLessThanOrEqualTo((int) (burst + millis * perSecond / 1_000.0 + 1e-6));
    }
}
