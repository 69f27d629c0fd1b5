package dev.jetstream.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** One target, given inputs one after the other, each within a bound of bytes allocated. Not thread-safe. */
final class Trial {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FuzzTarget target;
    private boolean warm;
    private long slowestNanos;
    private long mostAllocated;

    Trial(FuzzTarget target) {
        this.target = target;
    }

    /**
     * Gives it an input.
     *
     * @throws AssertionError or what else the target throws, for a finding
     */
    String take(byte[] input) throws Exception {
        if (!warm) {
            // Loading classes and making what is used again must not count against the first input.
            target.take(input.clone());
            warm = true;
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        String outcome = target.take(input);
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        slowestNanos = Math.max(slowestNanos, nanos);
        mostAllocated = Math.max(mostAllocated, bytes);
        if (bytes > target.mostAllocated(input.length)) {
            throw new AssertionError("allocated " + bytes + " bytes for " + input.length);
        }
        return outcome;
    }

    /** CPU nanoseconds of this thread for the inputs, all good ones repeated until they have {@code bytes} bytes. */
    long ordinaryNanos(int bytes) throws Exception {
        List<byte[]> seeds = target.seeds();
        long nanos = 0;
        for (int i = 0, taken = 0; taken < bytes; i++) {
            byte[] seed = seeds.get(i % seeds.size());
            nanos += nanos(seed);
            taken += seed.length;
        }
        return nanos;
    }

    /** CPU nanoseconds of this thread for one input. */
    long nanos(byte[] input) throws Exception {
        byte[] copy = input.clone();
        long start = THREADS.getCurrentThreadCpuTime();
        target.take(copy);
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    /** The most expensive inputs so far, in words. */
    @Override
    public String toString() {
        return "slowest %.1f ms, most allocated %.1f MB".formatted(slowestNanos * 1e-6, mostAllocated * 1e-6);
    }
}
