package dev.jetstream.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** The metrics of the process and its JVM: CPU time, memory, files, garbage collections, threads. */
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    private ProcessMetrics() {}

    static void register(String version) {
        process();
        memory();
        collectors();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        gauge("jvm_threads_current", "Live threads", threads::getThreadCount);
        gauge("jvm_threads_daemon", "Live daemon threads", threads::getDaemonThreadCount);
        gauge("jvm_threads_peak", "Maximum number of live threads so far", threads::getPeakThreadCount);
        Instruments.gauge("jetstream_build_info", "Always 1, with the version as label", "version", version)
                .set(1);
    }

    private static void process() {
        double started = ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND;
        gauge("process_start_time_seconds", "Start of the process, unix seconds", () -> started);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            String cpu = "process_cpu_seconds_total";
            DoubleSupplier seconds = () -> Math.max(0, unix.getProcessCpuTime()) / NANOS_PER_SECOND;
            Instruments.sample(cpu, "CPU time of all threads", "counter", cpu, seconds);
            gauge("process_open_fds", "Open files and sockets", unix::getOpenFileDescriptorCount);
            gauge("process_max_fds", "Limit of open files and sockets", unix::getMaxFileDescriptorCount);
        }
        if (Files.isReadable(STATUS)) {
            gauge("process_resident_memory_bytes", "Resident memory", ProcessMetrics::residentBytes);
        }
    }

    /** 0 if the system does not report it. */
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

    private static void memory() {
        memory("heap", ManagementFactory.getMemoryMXBean()::getHeapMemoryUsage);
        memory("nonheap", ManagementFactory.getMemoryMXBean()::getNonHeapMemoryUsage);
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            String name = "jvm_buffer_pool_used_bytes";
            String sample = Instruments.labelled(name, "pool", pool.getName());
            Instruments.sample(name, "Memory of buffers outside of the heap", "gauge", sample, pool::getMemoryUsed);
        }
    }

    private static void memory(String area, Supplier<MemoryUsage> usage) {
        area(area, "used", () -> usage.get().getUsed());
        area(area, "committed", () -> usage.get().getCommitted());
        if (usage.get().getMax() > 0) {
            area(area, "max", () -> usage.get().getMax());
        }
    }

    private static void area(String area, String what, DoubleSupplier bytes) {
        String name = "jvm_memory_" + what + "_bytes";
        Instruments.sample(
                name, "Memory of the JVM: " + what, "gauge", Instruments.labelled(name, "area", area), bytes);
    }

    private static void collectors() {
        String name = "jvm_gc_collection_seconds";
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections(name + "_count", collector, () -> Math.max(0, collector.getCollectionCount()));
            collections(name + "_sum", collector, () -> Math.max(0, collector.getCollectionTime()) / MILLIS_PER_SECOND);
        }
    }

    private static void collections(String sample, GarbageCollectorMXBean collector, DoubleSupplier value) {
        Instruments.sample(
                "jvm_gc_collection_seconds",
                "Time of garbage collections",
                "summary",
                Instruments.labelled(sample, "gc", collector.getName()),
                value);
    }

    private static void gauge(String name, String description, DoubleSupplier value) {
        Instruments.computedGauge(name, description, value);
    }
}
