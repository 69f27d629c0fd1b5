package dev.jetstream.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fuzz target on its good inputs, on what was once found, and on mutations, the same ones in every run. */
class FuzzTargetsTest {
    private static final Path FOUND = Path.of("src", "test", "resources", "fuzz");
    private static final int MAX_SHOWN = 1_000;

    static Iterable<String> names() {
        return FuzzTargets.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void goodInputsAreTaken(String name) throws Exception {
        FuzzTarget target = FuzzTargets.named(name);
        Trial trial = new Trial(target);

        assertThat(target.seeds()).isNotEmpty();
        for (byte[] seed : target.seeds()) {
            assertThat(taken(trial, seed)).isEqualTo(FuzzTarget.GOOD);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatWasOnceFoundDoesNoHarm(String name) throws Exception {
        Trial trial = new Trial(FuzzTargets.named(name));
        taken(trial, new byte[0]);
        for (Path found : found(name)) {
            taken(trial, Files.readAllBytes(found));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void mutationsDoNoHarm(String name) throws Exception {
        FuzzTarget target = FuzzTargets.named(name);
        Trial trial = new Trial(target);
        Mutator mutator = new Mutator(1, target.seeds(), target.words());
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < target.tries(); i++) {
            outcomes.merge(taken(trial, mutator.next()), 1, Integer::sum);
        }

        // Else the target tells nothing apart, or nothing gets far.
        assertThat(outcomes).containsKey(FuzzTarget.GOOD).hasSizeGreaterThan(1);
    }

    private static List<Path> found(String name) throws IOException {
        Path folder = FOUND.resolve(name);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String taken(Trial trial, byte[] input) {
        byte[] shown = input.clone();
        try {
            return trial.take(input);
        } catch (Throwable e) {
            String hex = HexFormat.of().formatHex(shown, 0, Math.min(shown.length, MAX_SHOWN));
            return fail("input of " + shown.length + " bytes: " + hex, e);
        }
    }
}
