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
 * Everything that a configuration is made from, so that a test can set all of it.
 *
 * @param file what {@code --config} names; empty: look for {@code conf/application.conf}
 * @param flags values by flag ({@code --ws-url}) or by full key ({@code jetstream.upstream.url}); they win over all else
 * @param environment environment names and their values
 * @param properties system properties ({@code -Dpekko.loglevel=DEBUG}); they win over the environment
 * @param workingDirectory where {@code conf/application.conf} is looked for first
 * @param programDirectory the jar's directory, looked at next; empty where there is no jar
 */
public record Inputs(
        Optional<Path> file,
        Map<String, String> flags,
        Map<String, String> environment,
        Map<String, String> properties,
        Path workingDirectory,
        Optional<Path> programDirectory) {

    /** Properties that set something here or in Pekko and the journal's plugin. */
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
