package dev.jetstream.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Seeded mutations of one target's good inputs on all cores, for some seconds, with a report. */
final class MutationRun {
    private static final int BATCH = 1_000;
    private static final long MAX_NANOS_FOR_A_BATCH = 120_000_000_000L;
    private static final int MAX_OUTCOMES_SHOWN = 30;

    private final String name;
    private final long seed;
    private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
    private final Set<String> findings = ConcurrentHashMap.newKeySet();
    private final LongAdder inputs = new LongAdder();

    MutationRun(String name, long seed) {
        this.name = name;
        this.seed = seed;
    }

    /** Runs it and prints what came of it; whether nothing was found. */
    boolean run(long seconds) throws Exception {
        long start = System.nanoTime();
        long deadline = start + seconds * 1_000_000_000L;
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Worker worker = new Worker(deadline, seed + i);
            worker.setDaemon(true);
            worker.start();
            workers.add(worker);
        }
        for (Worker worker : workers) {
            worker.join((deadline - System.nanoTime() + MAX_NANOS_FOR_A_BATCH) / 1_000_000);
            if (worker.isAlive()) {
                found(
                        "hang",
                        worker.current,
                        new AssertionError("hangs at " + Arrays.toString(worker.getStackTrace())));
            }
        }
        double took = (System.nanoTime() - start) * 1e-9;
        System.out.printf(
                "%s: seed %d, %,d inputs in %.0f s (%,.0f a second), %d findings%n",
                name, seed, inputs.sum(), took, inputs.sum() / took, findings.size());
        workers.forEach(worker -> System.out.println("  " + worker.trial));
        outcomes.entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue().sum(), a.getValue().sum()))
                .limit(MAX_OUTCOMES_SHOWN)
                .forEach(entry ->
                        System.out.printf("  %,12d %s%n", entry.getValue().sum(), entry.getKey()));
        return findings.isEmpty();
    }

    private synchronized void found(String what, byte[] input, Throwable e) {
        if (findings.add(what)) {
            Path file = FuzzRun.FOUND.resolve(name).resolve("found-" + Integer.toHexString(Arrays.hashCode(input)));
            try {
                Files.write(file, input);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            System.out.println(name + ": " + file);
            e.printStackTrace(System.out);
        }
    }

    private final class Worker extends Thread {
        private final long deadline;
        private final Trial trial = new Trial(FuzzTargets.named(name));
        private final Mutator mutator;
        private volatile byte[] current = {};

        Worker(long deadline, long seed) throws Exception {
            this.deadline = deadline;
            FuzzTarget target = FuzzTargets.named(name);
            List<byte[]> seeds = new ArrayList<>(target.seeds());
            seeds.addAll(target.captured());
            mutator = new Mutator(seed, seeds, target.words());
        }

        @Override
        public void run() {
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < BATCH; i++) {
                    take(mutator.next());
                }
                inputs.add(BATCH);
            }
        }

        private void take(byte[] input) {
            current = input;
            byte[] shown = input.clone();
            try {
                outcomes.computeIfAbsent(trial.take(input), outcome -> new LongAdder())
                        .increment();
            } catch (Throwable e) {
                found(e.getClass() + " " + (e.getStackTrace().length > 0 ? e.getStackTrace()[0] : ""), shown, e);
            }
        }
    }
}
