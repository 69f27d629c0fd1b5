package dev.jetstream.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** One target, given inputs one after the other, each within bounds of CPU time and of bytes allocated. For one thread. */
final class Trial {
    /** Of the thread's own time: how busy the machine is does not count. */
    private static final long MAX_NANOS = 1_000_000_000L;

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
        if (nanos > MAX_NANOS) {
            throw new AssertionError("took " + nanos / 1_000_000 + " ms for " + input.length + " bytes");
        }
        if (bytes > target.mostAllocated(input.length)) {
            throw new AssertionError("allocated " + bytes + " bytes for " + input.length);
        }
        return outcome;
    }

    /** The dearest inputs so far, in words. */
    @Override
    public String toString() {
        return "slowest %.1f ms, most allocated %.1f MB".formatted(slowestNanos * 1e-6, mostAllocated * 1e-6);
    }
}
