package dev.jetstream.config;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All sources of a configuration.
 *
 * @param file file named by {@code --config}; empty to look for {@code conf/application.conf}
 * @param flags values by flag ({@code --ws-url}) or key ({@code jetstream.upstream.url})
 * @param environment environment variables
 * @param properties system properties of this server, Pekko and the journal plugin
 * @param workingDirectory directory in which {@code conf/application.conf} is looked for first
 * @param programDirectory the jar's directory, which is searched next; empty without a jar
 */
public record Inputs(
        Optional<Path> file,
        Map<String, String> flags,
        Map<String, String> environment,
        Map<String, String> properties,
        Path workingDirectory,
        Optional<Path> programDirectory) {

    private static final Pattern PROPERTY =
            Pattern.compile("(jetstream|pekko|slick|jdbc-journal|jdbc-read-journal|config)\\..+");

    public Inputs {
        flags = Map.copyOf(flags);
        environment = Map.copyOf(environment);
        properties = Map.copyOf(properties);
    }

    /** Inputs without system properties. */
    public Inputs(
            Optional<Path> file,
            Map<String, String> flags,
            Map<String, String> environment,
            Path workingDirectory,
            Optional<Path> programDirectory) {
        this(file, flags, environment, Map.of(), workingDirectory, programDirectory);
    }

    /** The inputs of this process. */
    public static Inputs ofProcess(Optional<Path> file, Map<String, String> flags) {
        Map<String, String> properties = System.getProperties().stringPropertyNames().stream()
                .filter(name -> PROPERTY.matcher(name).matches())
                .collect(Collectors.toMap(name -> name, System::getProperty));
        return new Inputs(file, flags, System.getenv(), properties, Path.of("").toAbsolutePath(), jarDirectory());
    }

    /** No inputs: all settings have their defaults. */
    public static Inputs none() {
        Path nowhere = Path.of("").toAbsolutePath().resolve("no-such-directory");
        return new Inputs(Optional.empty(), Map.of(), Map.of(), nowhere, Optional.empty());
    }

    /**
     * These inputs with one more flag.
     *
     * @param flagOrKey {@code --ws-url} or {@code jetstream.upstream.url}
     */
    public Inputs with(String flagOrKey, String value) {
        Map<String, String> more = new LinkedHashMap<>(flags);
        more.put(flagOrKey, value);
        return new Inputs(file, more, environment, properties, workingDirectory, programDirectory);
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
