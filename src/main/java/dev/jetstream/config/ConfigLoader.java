package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    private static final String QUEUE_SIZE = "jetstream.decode.max-queue-size";

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
        List<String> notices = new ArrayList<>(environment.notices());
        Map<String, String> pekko = new LinkedHashMap<>();
        new TreeMap<>(inputs.properties()).forEach((name, value) -> {
            if (keys.paths().contains(name)) {
                if (!value.isBlank() && flagByPath.putIfAbsent(name, value) == null) {
                    flagNames.put(name, "-D" + name);
                }
            } else if (name.startsWith(Keys.ROOT + ".")
                    || (name.startsWith("config.") && !name.equals("config.file"))) {
                notices.add("the system property " + Origin.cut(name) + " is set, which nothing reads");
            } else if (!name.startsWith("config.")) {
                pekko.put(name, value);
            }
        });
        SettingsReader reader =
                new SettingsReader(flagByPath, flagNames, environment.valueByPath(), content, reference.resolve());
        JetstreamConfig config = Sections.read(reader);
        checkDictionary(reader, config);
        checkAddresses(reader, config);
        config = boundQueue(reader, config, notices);
        problems.addAll(reader.problems());
        if (!problems.isEmpty()) {
            throw new ConfigurationException(message(problems));
        }
        Config operators = ConfigFactory.parseMap(pekko, "system properties").withFallback(content);
        return new Loaded(config, operators, defaults(reference), file.description(), notices);
    }

    /**
     * Whether the log is to be JSON, as far as that can be known where {@link #load} refuses the configuration.
     */
    public static boolean logsJson(Inputs inputs) {
        String key = "jetstream.log.format";
        String format =
                inputs.properties().getOrDefault(key, inputs.environment().get(Keys.environmentName(key)));
        if (format == null || format.isBlank()) {
            try {
                Config file = ConfigFile.find(inputs).content().resolve();
                format = file.hasPath(key) ? file.getString(key) : "";
            } catch (ConfigurationException | ConfigException e) {
                return false;
            }
        }
        return format.strip().equalsIgnoreCase("json");
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

    private static void checkAddresses(SettingsReader reader, JetstreamConfig config) {
        if (config.http() == null || config.metrics() == null) {
            return;
        }
        InetSocketAddress http = config.http().listen();
        InetSocketAddress metrics = config.metrics().listen();
        boolean samePort = http.getPort() == metrics.getPort() && http.getPort() != 0;
        boolean sameHost = http.getAddress().equals(metrics.getAddress())
                || http.getAddress().isAnyLocalAddress()
                || metrics.getAddress().isAnyLocalAddress();
        if (samePort && sameHost) {
            reader.complain(
                    "jetstream.metrics.listen",
                    "must not be the address of jetstream.http.listen: choose another port");
        }
    }

    /** Jetstream v1 counts events in its queue, this server batches: v1's values would not fit the heap. */
    private static JetstreamConfig boundQueue(SettingsReader reader, JetstreamConfig config, List<String> notices) {
        if (config.decode() == null || config.upstream() == null) {
            return config;
        }
        long batchBytes = 2L * config.upstream().readBufferBytes();
        int fits = (int) Math.max(2, Runtime.getRuntime().maxMemory() / 8 / batchBytes);
        int set = config.decode().maxQueueSize();
        if (set <= fits) {
            return config;
        }
        if (reader.isSet(QUEUE_SIZE)) {
            notices.add(QUEUE_SIZE + " = " + set + " is lowered to " + fits + ": it counts batches of up to "
                    + Sizes.format(config.upstream().readBufferBytes())
                    + " here, not events, and must fit an eighth of the heap");
        }
        return config.withDecode(new DecodeConfig(config.decode().parallelism(), fits));
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
