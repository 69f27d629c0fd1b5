package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.jetstream.common.Text;
import dev.jetstream.config.Settings.Setting;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Loads and checks a server's configuration. Precedence: flags, system properties, environment, file, defaults. */
public final class ConfigLoader {
    /**
     * A valid configuration.
     *
     * @param operators settings of the operator for Pekko and its plugins
     * @param defaults {@code pekko-overrides.conf} on top of the libraries' own defaults
     * @param source which configuration file was used, for the log
     * @param notices warnings for the log
     */
    public record Loaded(
            JetstreamConfig config, Config operators, Config defaults, String source, List<String> notices) {
        /** The settings of the actor system. */
        public Config actorSystemConfig() {
            return actorSystemConfig(ConfigFactory.empty());
        }

        /** The settings of the actor system, with a plugin's between those of the operator and the defaults. */
        public Config actorSystemConfig(Config plugin) {
            return operators
                    .withFallback(plugin)
                    .withFallback(defaults)
                    .resolve()
                    .withoutPath(Keys.ROOT);
        }
    }

    /** Variables that Kubernetes sets for a service named jetstream or jetstream-something. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "JETSTREAM_(.+_)?(PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|SERVICE_(HOST|PORT(_.+)?))");

    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    /** The default of Jetstream v1, which counts events. */
    private static final int V1_QUEUE_SIZE = 1_000;

    private final Keys keys;
    private final Inputs inputs;
    private final Map<String, Setting> overrides = new HashMap<>();
    private final Map<String, String> pekko = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    private ConfigLoader(Inputs inputs, Config reference) {
        this.inputs = inputs;
        this.keys = new Keys(reference);
    }

    /**
     * Loads and checks the configuration.
     *
     * @throws ConfigurationException with one message that lists all problems
     */
    public static Loaded load(Inputs inputs) throws ConfigurationException {
        Config reference = ConfigFactory.parseResources(ConfigLoader.class.getClassLoader(), "reference.conf");
        return new ConfigLoader(inputs, reference).load(reference);
    }

    private Loaded load(Config reference) throws ConfigurationException {
        ConfigFile file = ConfigFile.find(inputs);
        problems.addAll(keys.complaintsAbout(file.content().root()));
        inputs.flags().forEach(this::flag);
        new TreeMap<>(inputs.properties()).forEach(this::property);
        new TreeMap<>(inputs.environment()).forEach(this::variable);
        Settings settings = new Settings(overrides, withNewKeys(file.content()), reference.resolve(), keys);
        JetstreamConfig config = settings.read(Keys.ROOT, JetstreamConfig.class);
        checkDictionary(settings, config);
        checkAddresses(settings, config);
        problems.addAll(settings.problems());
        if (!problems.isEmpty()) {
            String head = problems.size() == 1 ? "a problem" : problems.size() + " problems";
            throw new ConfigurationException("the configuration has " + head + ":\n  " + String.join("\n  ", problems));
        }
        if (config.decode().maxQueueSize() >= V1_QUEUE_SIZE) {
            notices.add("jetstream.decode.max-queue-size = " + config.decode().maxQueueSize()
                    + " counts batches of frames, not events as in Jetstream v1; batches never take more than a part of"
                    + " the heap");
        }
        Config defaults = ConfigFactory.parseResources(ConfigLoader.class.getClassLoader(), "pekko-overrides.conf")
                .withFallback(reference);
        Config operators = ConfigFactory.parseMap(pekko, "system properties").withFallback(file.content());
        return new Loaded(config, operators, defaults, file.description(), notices);
    }

    private void flag(String flag, String value) {
        keys.find(flag)
                .or(() -> keys.pathOfFlag(flag))
                .ifPresentOrElse(
                        path -> override(path, value, flag), () -> problems.add("unknown flag " + Text.cut(flag)));
    }

    private void property(String name, String value) {
        if (keys.find(name).isPresent()) {
            override(keys.find(name).get(), value, "-D" + name);
        } else if (name.startsWith(Keys.ROOT + ".") || (name.startsWith("config.") && !name.equals("config.file"))) {
            notices.add("unknown system property " + Text.cut(name) + " is ignored");
        } else if (!name.equals("config.file")) {
            pekko.put(name, value);
        }
    }

    private void variable(String name, String value) {
        boolean isOurs = name.startsWith("JETSTREAM_")
                && !name.equals("JETSTREAM_VERSION")
                && !SERVICE_LINK.matcher(name).matches()
                && !(name.endsWith("_PORT") && SERVICE_URL.matcher(value).matches());
        if (isOurs && !value.isBlank()) {
            keys.pathOfEnvironmentName(name)
                    .ifPresentOrElse(
                            path -> override(path, value, name), () -> notices.add(keys.unknownVariable(name)));
        }
    }

    /** An empty value is as good as none. The first call for a key wins. */
    private void override(String path, String value, String origin) {
        if (!value.isBlank()) {
            overrides.putIfAbsent(path, new Setting(value.strip(), origin));
        }
    }

    /** The file with each internal setting at its new key, if it still has the old one. */
    private Config withNewKeys(Config file) {
        Config moved = file;
        for (String path : keys.paths()) {
            String old = path.replaceFirst("^jetstream\\.internal\\.", "jetstream.");
            if (!old.equals(path) && file.hasPath(old)) {
                notices.add(old + " (" + ConfigFile.place(file.getValue(old).origin())
                        + ") is an internal setting: rename it to " + path + ", or remove it");
                moved = file.hasPath(path) ? moved : moved.withValue(path, file.getValue(old));
            }
        }
        return moved;
    }

    /** Whether {@code jetstream.log.format} is json, also if {@link #load} refuses the configuration. */
    public static boolean logsJson(Inputs inputs) {
        String key = "jetstream.log.format";
        String format =
                inputs.properties().getOrDefault(key, inputs.environment().get(Keys.environmentName(key)));
        if (format == null || format.isBlank()) {
            try {
                Config file = ConfigFile.find(inputs).content();
                format = file.hasPath(key) ? file.getValue(key).unwrapped().toString() : "";
            } catch (ConfigurationException e) {
                return false;
            }
        }
        return format.strip().equalsIgnoreCase("json");
    }

    private static void checkDictionary(Settings settings, JetstreamConfig config) {
        if (config.zstd() != null
                && config.zstd()
                        .dictionaryFile()
                        .filter(file -> !Files.isReadable(file) || Files.isDirectory(file))
                        .isPresent()) {
            settings.complain("jetstream.zstd.dictionary-file", "must be a file that this user can read");
        }
    }

    private static void checkAddresses(Settings settings, JetstreamConfig config) {
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
            settings.complain(
                    "jetstream.metrics.listen",
                    "must not be the address of jetstream.http.listen: choose another port");
        }
    }
}
