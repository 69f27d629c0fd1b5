package dev.jetstream.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fuzzes targets for as long as one likes: {@code mutations TARGET[,TARGET...]|all SECONDS [SEED]} with this package's own
 * mutations, on all cores; {@code jazzer TARGET[,TARGET...]|all SECONDS} guided by coverage. What is found lies in
 * {@code target/fuzz/TARGET}; the exit code is then 1.
 */
public final class FuzzRun {
    static final Path FOUND = Path.of("target", "fuzz");

    private static final String USAGE =
            "usage: mutations TARGET[,TARGET...]|all SECONDS [SEED], or jazzer TARGET[,TARGET...]|all SECONDS";

    /** The fuzzer's own limits: seconds for one input, and megabytes for all. */
    /**
     * Seconds, MiB and bytes. The first input also loads classes, each of which is rewritten: on a busy machine that takes long.
     */
    private static final List<String> LIMITS = List.of("-timeout=60", "-rss_limit_mb=3000", "-max_len=65536");

    private FuzzRun() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 3 || args.length > 4 || !args[0].matches("mutations|jazzer")) {
            System.err.println(USAGE);
            System.exit(2);
        }
        List<String> names = new ArrayList<>();
        if (args[1].equals("all")) {
            FuzzTargets.names().forEach(names::add);
        } else {
            names.addAll(List.of(args[1].split(",")));
        }
        long seconds = Long.parseLong(args[2]);
        long seed = args.length > 3 ? Long.parseLong(args[3]) : System.nanoTime();
        boolean isWell = true;
        for (String name : names) {
            FuzzTargets.named(name);
            Files.createDirectories(FOUND.resolve(name));
            isWell &= args[0].equals("jazzer") ? jazzer(name, seconds) : new MutationRun(name, seed).run(seconds);
        }
        System.exit(isWell ? 0 : 1);
    }

    /** A process of its own for each target: Jazzer takes one in its life. */
    private static boolean jazzer(String name, long seconds) throws Exception {
        Path folder = FOUND.resolve(name);
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        FuzzTarget target = FuzzTargets.named(name);
        List<byte[]> seeds = new ArrayList<>(target.seeds());
        seeds.addAll(target.captured());
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed-" + i), seeds.get(i));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1500m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerEntry.class.getName(),
                "--target_args=" + name,
                "--instrumentation_includes=dev.jetstream.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + File.separator,
                "-print_final_stats=1",
                "-max_total_time=" + seconds));
        command.addAll(LIMITS);
        words(target, folder).ifPresent(file -> command.add("-dict=" + file));
        command.add(corpus.toString());
        System.out.println(name + ": jazzer for " + seconds + " s, corpus and findings in " + folder);
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(seconds + 120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            System.out.println(name + ": jazzer did not end");
            return false;
        }
        return process.exitValue() == 0;
    }

    /** The target's words as libFuzzer reads them. */
    private static Optional<Path> words(FuzzTarget target, Path folder) throws IOException {
        if (target.words().isEmpty()) {
            return Optional.empty();
        }
        StringBuilder lines = new StringBuilder();
        for (byte[] word : target.words()) {
            lines.append('"');
            for (byte b : word) {
                lines.append("\\x%02x".formatted(b));
            }
            lines.append("\"\n");
        }
        return Optional.of(Files.writeString(folder.resolve("words.dict"), lines));
    }
}
