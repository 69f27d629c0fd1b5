package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the configuration of a server, and finds everything that is wrong with it before anything starts. */
public final class ConfigLoader {
    /**
     * A configuration in which everything is valid.
     *
     * @param config what the server's parts are given
     * @param operators what the operator's file sets of Pekko and its plugins
     * @param defaults {@code pekko-overrides.conf} over the libraries' own
     * @param source which file was used, or that none was
     * @param notices warnings for the log
     */
    public record Loaded(
            JetstreamConfig config, Config operators, Config defaults, String source, List<String> notices) {
        /** Pekko's settings. Only the maker of the actor system may touch them. */
        public Config actorSystemConfig() {
            return actorSystemConfig(ConfigFactory.empty());
        }

        /** The same with a plugin's settings, below the operator's and above the libraries' own. */
        public Config actorSystemConfig(Config plugin) {
            return operators
                    .withFallback(plugin)
                    .withFallback(defaults)
                    .resolve()
                    .withoutPath(Keys.ROOT);
        }
    }

    private ConfigLoader() {}

    /**
     * Reads and checks everything.
     *
     * @throws ConfigurationException with one message that lists every problem
     */
    public static Loaded load(Inputs inputs) throws ConfigurationException {
        Config reference = ConfigFactory.parseResources(ConfigLoader.class.getClassLoader(), "reference.conf");
        Keys keys = new Keys(reference);
        ConfigFile file = ConfigFile.find(inputs);
        Config content = resolve(file, inputs);
        Environment environment = new Environment(inputs.environment(), keys);

        List<String> problems = new ArrayList<>(keys.complaintsAbout(content.root()));
        Map<String, String> flagByPath = new LinkedHashMap<>();
        Map<String, String> flagNames = new LinkedHashMap<>();
        inputs.flags().forEach((flag, value) -> {
            String path =
                    keys.paths().contains(flag) ? flag : keys.pathOfFlag(flag).orElse(null);
            if (path == null) {
                problems.add(Origin.cut(flag) + ": there is no such flag or key");
            } else if (!value.isBlank()) {
                flagByPath.put(path, value);
                flagNames.put(path, flag);
            }
        });
        SettingsReader reader =
                new SettingsReader(flagByPath, flagNames, environment.valueByPath(), content, reference.resolve());
        JetstreamConfig config = Sections.read(reader);
        checkDictionary(reader, config);
        problems.addAll(reader.problems());
        if (!problems.isEmpty()) {
            throw new ConfigurationException(message(problems));
        }
        return new Loaded(config, content, defaults(reference), file.description(), environment.notices());
    }

    private static Config resolve(ConfigFile file, Inputs inputs) throws ConfigurationException {
        try {
            return file.content().resolve();
        } catch (ConfigException e) {
            throw new ConfigurationException(
                    ConfigFile.explain(e, inputs.file().orElse(Path.of("conf", "application.conf"))));
        }
    }

    private static void checkDictionary(SettingsReader reader, JetstreamConfig config) {
        if (config.zstd() != null
                && config.zstd()
                        .dictionaryFile()
                        .filter(file -> !Files.isReadable(file) || Files.isDirectory(file))
                        .isPresent()) {
            reader.complain("jetstream.zstd.dictionary-file", "must be a file that this user can read");
        }
    }

    private static Config defaults(Config reference) {
        return ConfigFactory.parseResources(ConfigLoader.class.getClassLoader(), "pekko-overrides.conf")
                .withFallback(reference);
    }

    private static String message(List<String> problems) {
        String head = problems.size() == 1
                ? "the configuration has a problem"
                : "the configuration has " + problems.size() + " problems";
        return head + ":\n  " + String.join("\n  ", problems);
    }
}
