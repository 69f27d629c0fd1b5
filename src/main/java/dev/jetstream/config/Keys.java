package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every key that there is, with the environment name and the flag that override it.
 *
 * <p>{@code reference.conf} decides which keys exist. A key's environment name is {@code JETSTREAM_SECTION_KEY}, but the one
 * that operators of Jetstream v1 already use where there is one; those also have v1's flag.
 */
final class Keys {
    static final String ROOT = "jetstream";

    private static final Map<String, String> V1_ENVIRONMENT = Map.ofEntries(
            Map.entry("jetstream.upstream.url", "JETSTREAM_WS_URL"),
            Map.entry("jetstream.upstream.override-cursor", "JETSTREAM_OVERRIDE_RELAY_CURSOR"),
            Map.entry("jetstream.upstream.liveness-ttl", "JETSTREAM_LIVENESS_TTL"),
            Map.entry("jetstream.decode.parallelism", "JETSTREAM_WORKER_COUNT"),
            Map.entry("jetstream.decode.max-queue-size", "JETSTREAM_MAX_QUEUE_SIZE"),
            Map.entry("jetstream.journal.data-dir", "JETSTREAM_DATA_DIR"),
            Map.entry("jetstream.journal.event-ttl", "JETSTREAM_EVENT_TTL"),
            Map.entry("jetstream.subscriber.max-events-per-second", "JETSTREAM_MAX_SUB_RATE"),
            Map.entry("jetstream.zstd.dictionary-file", "JETSTREAM_ZSTD_DICTIONARY_PATH"),
            Map.entry("jetstream.http.listen", "JETSTREAM_LISTEN_ADDR"),
            Map.entry("jetstream.metrics.listen", "JETSTREAM_METRICS_LISTEN_ADDR"));

    private final SortedSet<String> paths = new TreeSet<>();
    private final SortedSet<String> sections = new TreeSet<>();
    private final SortedMap<String, String> pathByEnvironmentName = new TreeMap<>();

    /** @param reference {@code reference.conf}, of which only {@code jetstream} is read */
    Keys(Config reference) {
        collect(ROOT, reference.getObject(ROOT));
        paths.forEach(path -> pathByEnvironmentName.put(environmentName(path), path));
    }

    private void collect(String path, ConfigObject section) {
        sections.add(path);
        section.forEach((key, value) -> {
            String child = path + "." + ConfigUtil.joinPath(key);
            if (value instanceof ConfigObject object) {
                collect(child, object);
            } else {
                paths.add(child);
            }
        });
    }

    SortedSet<String> paths() {
        return paths;
    }

    SortedSet<String> environmentNames() {
        return new TreeSet<>(pathByEnvironmentName.keySet());
    }

    Optional<String> pathOfEnvironmentName(String name) {
        return Optional.ofNullable(pathByEnvironmentName.get(name));
    }

    /** The environment name that overrides a key. */
    static String environmentName(String path) {
        return V1_ENVIRONMENT.getOrDefault(
                path, path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
    }

    /** The key that a flag of v1's sets: {@code --ws-url} is {@code JETSTREAM_WS_URL} spelt as a flag. */
    Optional<String> pathOfFlag(String flag) {
        String name = "JETSTREAM_"
                + flag.replaceFirst("^--", "").toUpperCase(Locale.ROOT).replace('-', '_');
        return V1_ENVIRONMENT.containsValue(name) ? pathOfEnvironmentName(name) : Optional.empty();
    }

    /** One complaint for each key of an operator's file that is unknown, or a section where a value should be. */
    List<String> complaintsAbout(ConfigObject file) {
        List<String> complaints = new ArrayList<>();
        file.forEach((key, value) -> {
            if (key.equals(ROOT)) {
                inspect(ROOT, value, complaints);
            } else if (Nearest.distance(key, ROOT) <= 2) {
                complaints.add(key + " (" + Origin.of(value) + "): unknown section; did you mean " + ROOT + "?");
            }
        });
        return complaints;
    }

    private void inspect(String path, ConfigValue value, List<String> complaints) {
        boolean object = value instanceof ConfigObject;
        if (sections.contains(path) && object) {
            ((ConfigObject) value)
                    .forEach((key, child) -> inspect(path + "." + ConfigUtil.joinPath(key), child, complaints));
        } else if (sections.contains(path) && value.valueType() != ConfigValueType.NULL) {
            complaints.add(path + " (" + Origin.of(value) + "): is a section: write " + path + " { … }");
        } else if (!paths.contains(path) && !sections.contains(path)) {
            String hint = Nearest.to(path, object ? sections : paths)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; reference.conf lists all keys");
            complaints.add(Origin.cut(path) + " (" + Origin.of(value) + "): unknown key" + hint);
        }
    }
}
