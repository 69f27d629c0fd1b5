package dev.jetstream.config;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a configuration is made from, so that a test can say it all.
 *
 * @param file what {@code --config} names; empty: look for {@code conf/application.conf}
 * @param flags values by flag ({@code --ws-url}) or by full key ({@code jetstream.upstream.url}); they win over all else
 * @param environment environment names and their values
 * @param workingDirectory where {@code conf/application.conf} is looked for first
 * @param programDirectory the jar's directory, looked at next; empty where there is no jar
 */
public record Inputs(
        Optional<Path> file,
        Map<String, String> flags,
        Map<String, String> environment,
        Path workingDirectory,
        Optional<Path> programDirectory) {

    public Inputs {
        flags = Map.copyOf(flags);
        environment = Map.copyOf(environment);
    }

    /** Those of this process. */
    public static Inputs ofProcess(Optional<Path> file, Map<String, String> flags) {
        return new Inputs(file, flags, System.getenv(), Path.of("").toAbsolutePath(), jarDirectory());
    }

    /** Nothing but {@code reference.conf}: no file, no flags, an empty environment. */
    public static Inputs none() {
        Path nowhere = Path.of("").toAbsolutePath().resolve("no-such-directory");
        return new Inputs(Optional.empty(), Map.of(), Map.of(), nowhere, Optional.empty());
    }

    /**
     * The same with one value set as by a flag.
     *
     * @param flagOrKey {@code --ws-url} or {@code jetstream.upstream.url}
     */
    public Inputs with(String flagOrKey, String value) {
        Map<String, String> more = new LinkedHashMap<>(flags);
        more.put(flagOrKey, value);
        return new Inputs(file, more, environment, workingDirectory, programDirectory);
    }

    private static Optional<Path> jarDirectory() {
        CodeSource source = Inputs.class.getProtectionDomain().getCodeSource();
        if (source == null || !source.getLocation().getPath().endsWith(".jar")) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Path.of(source.getLocation().toURI()).getParent());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
