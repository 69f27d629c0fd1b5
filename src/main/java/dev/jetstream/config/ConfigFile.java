package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import dev.jetstream.common.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The operator's configuration file, with its substitutions resolved.
 *
 * @param content empty if there is no file
 * @param description the file and how it was found, or that there is none, for the log
 */
record ConfigFile(Config content, String description) {
    private static final Path DEFAULT = Path.of("conf", "application.conf");

    /** @throws ConfigurationException if the named file does not exist, cannot be read, or is not HOCON */
    static ConfigFile find(Inputs inputs) throws ConfigurationException {
        if (inputs.file().isPresent()) {
            return named(inputs, inputs.file().get(), "--config ", "from --config");
        }
        String property = inputs.properties().get("config.file");
        if (property != null) {
            return named(inputs, Path.of(property), "-Dconfig.file=", "from -Dconfig.file");
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

    private static ConfigFile named(Inputs inputs, Path file, String option, String where)
            throws ConfigurationException {
        Path named = inputs.workingDirectory().resolve(file);
        if (!Files.exists(named)) {
            throw new ConfigurationException(option + file + ": there is no such file");
        }
        return read(named, where);
    }

    private static ConfigFile read(Path file, String where) throws ConfigurationException {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(file + ": is not a file");
        }
        if (!Files.isReadable(file)) {
            throw new ConfigurationException(file + ": permission denied; make it readable for this user");
        }
        try {
            ConfigParseOptions strict = ConfigParseOptions.defaults().setAllowMissing(false);
            Config content = ConfigFactory.parseFile(file.toFile(), strict).resolve();
            return new ConfigFile(content, file + " (" + where + ")");
        } catch (ConfigException e) {
            throw new ConfigurationException(explain(e, file));
        }
    }

    /** The library's message as {@code FILE:LINE: sentence}. */
    private static String explain(ConfigException e, Path file) {
        String message = String.valueOf(e.getMessage());
        if (e.origin() == null) {
            return file + ": " + Text.cut(message);
        }
        String prefix = e.origin().description() + ": ";
        int start = message.indexOf(prefix);
        String sentence = (start < 0 ? message : message.substring(start + prefix.length()))
                // The library says this of a missing brace, too.
                .replace("expecting a close parentheses ')' here", "a closing } or ) is missing here");
        return place(e.origin()) + ": " + Text.cut(sentence);
    }

    /** {@code FILE:LINE} if the library knows them. */
    static String place(ConfigOrigin origin) {
        String name = origin.filename() != null ? origin.filename() : origin.description();
        return origin.lineNumber() > 0 && origin.filename() != null ? name + ":" + origin.lineNumber() : name;
    }
}
