package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.jetstream.common.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All keys, with the environment variable and the flag that override each.
 *
 * <p>{@code reference.conf} defines the keys. A key's environment variable is {@code JETSTREAM_SECTION_KEY}, or the one of
 * Jetstream v1 if that has one; the latter also have v1's flag. The keys below {@code jetstream.internal} may also be written
 * without {@code internal}, and their environment variables always are.
 */
final class Keys {
    static final String ROOT = "jetstream";

    private static final String INTERNAL = "jetstream.internal.";
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

    /** @param reference {@code reference.conf} */
    Keys(Config reference) {
        collect(ROOT, reference.getObject(ROOT));
        paths.forEach(path -> pathByEnvironmentName.put(environmentName(path), path));
    }

    private void collect(String path, ConfigObject section) {
        sections.add(path);
        sections.add(withoutInternal(path));
        section.forEach((key, value) -> {
            String child = path + "." + ConfigUtil.joinPath(key);
            if (value instanceof ConfigObject object) {
                collect(child, object);
            } else {
                paths.add(child);
            }
        });
    }

    private static String withoutInternal(String path) {
        return path.startsWith(INTERNAL) ? ROOT + "." + path.substring(INTERNAL.length()) : path;
    }

    SortedSet<String> paths() {
        return paths;
    }

    Collection<String> environmentNames() {
        return pathByEnvironmentName.keySet();
    }

    /** The key with this path, or with this path below {@code jetstream.internal}. */
    Optional<String> find(String path) {
        String internal = INTERNAL + path.substring(Math.min(path.length(), ROOT.length() + 1));
        return paths.contains(path) ? Optional.of(path) : Optional.of(internal).filter(paths::contains);
    }

    Optional<String> pathOfEnvironmentName(String name) {
        return Optional.ofNullable(pathByEnvironmentName.get(name));
    }

    /** The environment variable that overrides a key. */
    static String environmentName(String path) {
        String name = withoutInternal(path);
        return V1_ENVIRONMENT.getOrDefault(
                name, name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
    }

    /** The key that a flag of v1 sets: {@code --ws-url} is {@code JETSTREAM_WS_URL} spelt as a flag. */
    Optional<String> pathOfFlag(String flag) {
        String name = "JETSTREAM_"
                + flag.replaceFirst("^--", "").toUpperCase(Locale.ROOT).replace('-', '_');
        return V1_ENVIRONMENT.containsValue(name) ? pathOfEnvironmentName(name) : Optional.empty();
    }

    /** A complaint about each key of an operator's file that is unknown, or is a value instead of a section. */
    List<String> complaintsAbout(ConfigObject file) {
        List<String> complaints = new ArrayList<>();
        file.forEach((key, value) -> {
            if (key.equals(ROOT)) {
                inspect(ROOT, value, complaints);
            } else if (edits(key, ROOT) <= 2) {
                complaints.add(key + " (" + ConfigFile.place(value.origin()) + "): unknown section; did you mean "
                        + ROOT + "?");
            }
        });
        return complaints;
    }

    private void inspect(String path, ConfigValue value, List<String> complaints) {
        boolean isObject = value instanceof ConfigObject;
        String place = " (" + ConfigFile.place(value.origin()) + "): ";
        if (sections.contains(path) && isObject) {
            ((ConfigObject) value)
                    .forEach((key, child) -> inspect(path + "." + ConfigUtil.joinPath(key), child, complaints));
        } else if (sections.contains(path) && value.valueType() != ConfigValueType.NULL) {
            complaints.add(path + place + "is a section: write " + path + " { … }");
        } else if (find(path).isEmpty() && !sections.contains(path)) {
            String hint = nearest(path, isObject ? sections : paths)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("reference.conf lists all keys");
            complaints.add(Text.cut(path) + place + "unknown key; " + hint);
        }
    }

    /** A warning about an unknown environment variable. */
    String unknownVariable(String name) {
        String hint = nearest(name, environmentNames())
                .map(near -> "did you mean " + near + "?")
                .orElse("reference.conf lists all names");
        return "unknown environment variable " + Text.cut(name) + " is ignored; " + hint;
    }

    /** The known name with the fewest edits, unless that needs more than two and more than a third of the name's own part. */
    private static Optional<String> nearest(String name, Collection<String> known) {
        String cut = name.substring(0, Math.min(name.length(), 200));
        int maxEdits = Math.max(2, (cut.length() - (ROOT.length() + 1)) / 3);
        return known.stream()
                .min(Comparator.comparingInt(candidate -> edits(cut, candidate)))
                .filter(candidate -> edits(cut, candidate) <= maxEdits);
    }

    /** Levenshtein's distance: the number of insertions, deletions and replacements of a character. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
