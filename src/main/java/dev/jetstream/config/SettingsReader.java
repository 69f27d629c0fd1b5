package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.jetstream.config.InvalidSettingsException.Problem;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads typed values by key, from whoever set them: a flag before the environment before the file before
 * {@code reference.conf}. A value that cannot be read becomes a problem, and the reference value stands in for it, so that
 * all other problems are found in the same pass.
 */
final class SettingsReader {
    /** A value as text, and who set it. */
    private record Setting(String text, String origin) {}

    private final Map<String, String> flagByPath;
    private final Map<String, String> flagNames;
    private final Map<String, String> environment;
    private final Config file;
    private final Config reference;
    private final List<String> problems = new ArrayList<>();
    private final SortedSet<String> read = new TreeSet<>();

    /**
     * @param flagByPath values of flags by key
     * @param flagNames the flag that set a key, for messages
     * @param environment values of environment names by key
     */
    SettingsReader(
            Map<String, String> flagByPath,
            Map<String, String> flagNames,
            Map<String, String> environment,
            Config file,
            Config reference) {
        this.flagByPath = flagByPath;
        this.flagNames = flagNames;
        this.environment = environment;
        this.file = file;
        this.reference = reference;
    }

    /** What was wrong so far, a line each. */
    List<String> problems() {
        return problems;
    }

    /** The keys that were asked for so far. */
    SortedSet<String> read() {
        return read;
    }

    /**
     * Makes a section's record; where the record refuses values, those become problems.
     *
     * @return null if it was refused
     */
    <T> T section(Supplier<T> record) {
        try {
            return record.get();
        } catch (InvalidSettingsException e) {
            e.problems().forEach(this::complain);
            return null;
        }
    }

    private void complain(Problem problem) {
        Setting setting = setting(problem.key());
        problems.add(line(problem.key(), setting, problem.complaint()));
    }

    /** Adds a complaint about a value that is well formed, but of no use here. */
    void complain(String path, String complaint) {
        problems.add(line(path, setting(path), complaint));
    }

    private static String line(String path, Setting setting, String complaint) {
        return path + " = \"" + Origin.cut(setting.text) + "\" (" + setting.origin + "): " + complaint;
    }

    int intAt(String path) {
        return parse(path, text -> Math.toIntExact(whole(text)));
    }

    long longAt(String path) {
        return parse(path, SettingsReader::whole);
    }

    /** A number of bytes that fits an int. */
    int sizeAt(String path) {
        return parse(path, text -> {
            long size = Sizes.parse(text);
            return (int) Math.max(-1, Math.min(size, Integer.MAX_VALUE));
        });
    }

    long longSizeAt(String path) {
        return parse(path, Sizes::parse);
    }

    double decimalAt(String path) {
        return parse(path, text -> {
            try {
                return new BigDecimal(text).doubleValue();
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("must be a number", e);
            }
        });
    }

    boolean flagAt(String path) {
        return parse(path, text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        });
    }

    Duration durationAt(String path) {
        return parse(path, Durations::parse);
    }

    InetSocketAddress addressAt(String path) {
        return parse(path, Addresses::parse);
    }

    URI uriAt(String path) {
        return parse(path, text -> {
            try {
                return URI.create(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("must be a URL", e);
            }
        });
    }

    String textAt(String path) {
        return parse(path, Function.identity());
    }

    Path pathAt(String path) {
        return parse(path, text -> {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("must name a file or directory");
            }
            return toPath(text);
        });
    }

    /** Empty where the text is. */
    Optional<Path> optionalPathAt(String path) {
        return parse(path, text -> text.isEmpty() ? Optional.empty() : Optional.of(toPath(text)));
    }

    private static Path toPath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a path of this system", e);
        }
    }

    /** One of an enum's constants, in lower case. */
    <E extends Enum<E>> E choiceAt(String path, Class<E> choices) {
        return parse(path, text -> {
            for (E choice : choices.getEnumConstants()) {
                if (choice.name().equalsIgnoreCase(text)) {
                    return choice;
                }
            }
            throw new IllegalArgumentException("must be one of "
                    + Arrays.stream(choices.getEnumConstants())
                            .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", ")));
        });
    }

    /** A list in the file, or one text with commas anywhere. */
    <T> List<T> listAt(String path, Function<String, T> element) {
        return parse(path, text -> Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .map(element)
                .toList());
    }

    private static long whole(String text) {
        try {
            return new BigDecimal(text).longValueExact();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number", e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("must be a whole number of at most 64 bits", e);
        }
    }

    private <T> T parse(String path, Function<String, T> parser) {
        read.add(path);
        Setting setting = setting(path);
        try {
            return parser.apply(setting.text);
        } catch (IllegalArgumentException e) {
            problems.add(line(path, setting, e.getMessage()));
        } catch (ArithmeticException e) {
            problems.add(line(path, setting, "must be a whole number of at most 32 bits"));
        }
        return parser.apply(text(reference.getValue(path)));
    }

    /** Whether flag, environment or file sets a key. */
    boolean isSet(String path) {
        return flagByPath.containsKey(path) || environment.containsKey(path) || file.hasPath(path);
    }

    private Setting setting(String path) {
        if (flagByPath.containsKey(path)) {
            return new Setting(flagByPath.get(path).strip(), flagNames.get(path));
        }
        if (environment.containsKey(path)) {
            return new Setting(environment.get(path).strip(), Keys.environmentName(path));
        }
        ConfigValue value = file.hasPath(path) ? file.getValue(path) : reference.getValue(path);
        return new Setting(text(value), Origin.of(value));
    }

    private static String text(ConfigValue value) {
        if (value instanceof ConfigObject) {
            return "{ … }";
        }
        if (value instanceof ConfigList list) {
            return list.stream().map(SettingsReader::text).collect(Collectors.joining(","));
        }
        return String.valueOf(value.unwrapped()).strip();
    }
}
