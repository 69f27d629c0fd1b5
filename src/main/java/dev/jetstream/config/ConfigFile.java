package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The operator's file, found and parsed.
 *
 * @param content what it sets; nothing where there is no file
 * @param description which file it is, or that there is none, for the log
 */
record ConfigFile(Config content, String description) {
    private static final Path DEFAULT = Path.of("conf", "application.conf");

    /** @throws ConfigurationException if the file is not there, cannot be read, or is no HOCON */
    static ConfigFile find(Inputs inputs) throws ConfigurationException {
        if (inputs.file().isPresent()) {
            Path named = inputs.workingDirectory().resolve(inputs.file().get());
            if (!Files.exists(named)) {
                throw new ConfigurationException("--config " + inputs.file().get() + ": there is no such file");
            }
            return read(named, "from --config");
        }
        String property = inputs.properties().get("config.file");
        if (property != null) {
            Path named = inputs.workingDirectory().resolve(property);
            if (!Files.exists(named)) {
                throw new ConfigurationException("-Dconfig.file=" + property + ": there is no such file");
            }
            return read(named, "from -Dconfig.file");
        }
        Path here = inputs.workingDirectory().resolve(DEFAULT);
        if (Files.exists(here)) {
            return read(here, "in the working directory");
        }
        Optional<Path> besideJar = inputs.programDirectory().map(directory -> directory.resolve(DEFAULT));
        if (besideJar.isPresent() && Files.exists(besideJar.get())) {
            return read(besideJar.get(), "beside the jar");
        }
        return new ConfigFile(ConfigFactory.empty(), "none (no --config, no " + DEFAULT + "): defaults apply");
    }

    private static ConfigFile read(Path file, String where) throws ConfigurationException {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(file + ": is not a file");
        }
        if (!Files.isReadable(file)) {
            throw new ConfigurationException(file + ": cannot be read; give this user the right to read it");
        }
        try {
            ConfigParseOptions strict = ConfigParseOptions.defaults().setAllowMissing(false);
            return new ConfigFile(ConfigFactory.parseFile(file.toFile(), strict), file + " (" + where + ")");
        } catch (ConfigException e) {
            throw new ConfigurationException(explain(e, file));
        }
    }

    /** The library's complaint as {@code FILE:LINE: sentence}. */
    static String explain(ConfigException e, Path file) {
        String place = e.origin() == null ? file.toString() : Origin.of(e.origin());
        String message = String.valueOf(e.getMessage());
        int end = e.origin() == null ? -1 : message.indexOf(e.origin().description() + ": ");
        String sentence = end < 0
                ? message
                : message.substring(end + e.origin().description().length() + 2);
        // The library says this of a missing brace, too.
        sentence = sentence.replace("expecting a close parentheses ')' here", "a closing } or ) is missing here");
        return place + ": " + Origin.cut(sentence.strip().replaceAll("\\s+", " "), 400);
    }
}
