package dev.jetstream.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The process and its JVM: processor time, memory, files, collections, threads. Sampled; one caller at a time. */
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final long SAMPLE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final List<Runnable> samples = new ArrayList<>();
    private Long sampledAt;

    ProcessMetrics(String version) {
        process();
        memory();
        collectors();
        threads();
        Instruments.gauge("jetstream_build_info", "Always 1; the labels say what runs", "version", version)
                .set(1);
    }

    /** Samples all figures, at most every two seconds, because counting open sockets takes time. */
    void sample() {
        long now = System.nanoTime();
        if (sampledAt == null || now - sampledAt >= SAMPLE_INTERVAL_NANOS) {
            sampledAt = now;
            samples.forEach(Runnable::run);
        }
    }

    private void process() {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        Instruments.gauge("process_start_time_seconds", "When the process started, unix seconds")
                .set(started / MILLIS_PER_SECOND);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os) {
            counter(
                    Instruments.nanoseconds("process_cpu", "Processor time of all threads"),
                    () -> Math.max(0, os.getProcessCpuTime()));
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            gauge("process_open_fds", "Open files and sockets", unix::getOpenFileDescriptorCount);
            gauge("process_max_fds", "Open files and sockets that are allowed", unix::getMaxFileDescriptorCount);
        }
        if (Files.isReadable(STATUS)) {
            gauge("process_resident_memory_bytes", "Memory in use", ProcessMetrics::residentBytes);
        }
    }

    /** 0 where the system does not say. */
    static double residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private void memory() {
        var beans = ManagementFactory.getMemoryMXBean();
        memory("heap", beans::getHeapMemoryUsage);
        memory("nonheap", beans::getNonHeapMemoryUsage);
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            Gauge used = Instruments.gauge(
                    "jvm_buffer_pool_used_bytes", "Memory in buffers outside the heap", "pool", pool.getName());
            samples.add(() -> used.set(pool.getMemoryUsed()));
        }
    }

    private void memory(String area, Supplier<MemoryUsage> usage) {
        Gauge used = Instruments.gauge("jvm_memory_used_bytes", "Memory in use by the JVM", "area", area);
        Gauge committed = Instruments.gauge("jvm_memory_committed_bytes", "Memory that the JVM has got", "area", area);
        samples.add(() -> {
            MemoryUsage now = usage.get();
            used.set(now.getUsed());
            committed.set(now.getCommitted());
        });
        if (usage.get().getMax() > 0) {
            Instruments.gauge("jvm_memory_max_bytes", "Memory that the JVM may get", "area", area)
                    .set(usage.get().getMax());
        }
    }

    private void collectors() {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        OwnSamples.add("jvm_gc_collection_seconds", "Garbage collections and their time", "summary", () -> {
            StringBuilder lines = new StringBuilder();
            for (GarbageCollectorMXBean collector : collectors) {
                String labels = "{gc=\"" + collector.getName() + "\"} ";
                double count = Math.max(0, collector.getCollectionCount());
                double seconds = Math.max(0, collector.getCollectionTime()) / MILLIS_PER_SECOND;
                lines.append("jvm_gc_collection_seconds_count")
                        .append(labels)
                        .append(count)
                        .append('\n');
                lines.append("jvm_gc_collection_seconds_sum")
                        .append(labels)
                        .append(seconds)
                        .append('\n');
            }
            return lines.toString();
        });
    }

    private void threads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        gauge("jvm_threads_current", "Live threads", threads::getThreadCount);
        gauge("jvm_threads_daemon", "Live daemon threads", threads::getDaemonThreadCount);
        gauge("jvm_threads_peak", "Most threads that ever lived at a time", threads::getPeakThreadCount);
    }

    private void gauge(String name, String description, DoubleSupplier value) {
        Gauge gauge = Instruments.gauge(name, description);
        samples.add(() -> gauge.set(value.getAsDouble()));
    }

    /** Raises a counter to a total that the JVM keeps. */
    private void counter(Counter counter, LongSupplier total) {
        samples.add(() -> counter.add(Math.max(0, total.getAsLong() - counter.value())));
    }
}
