package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.jetstream.common.Text;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the records of the configuration. A component's name with hyphens is its key, and its type decides how the value is
 * parsed; a number whose name ends with {@code Bytes} is a size.
 *
 * <p>A wrong value becomes a problem, and the default takes its place, so that one pass finds all problems.
 */
final class Settings {
    /**
     * A value as text.
     *
     * @param origin what set it, for messages: a flag, an environment variable, or a place in a file
     */
    record Setting(String text, String origin) {}

    private final Map<String, Setting> overrides;
    private final Config file;
    private final Config reference;
    private final Keys keys;
    private final List<String> problems = new ArrayList<>();

    /** @param overrides values by key that take precedence over the file */
    Settings(Map<String, Setting> overrides, Config file, Config reference, Keys keys) {
        this.overrides = overrides;
        this.file = file;
        this.reference = reference;
        this.keys = keys;
    }

    /** The problems so far, a line each. */
    List<String> problems() {
        return problems;
    }

    /** Adds a problem with a value. */
    void complain(String key, String complaint) {
        String path = keys.find(key).orElse(key);
        Setting setting = setting(path);
        problems.add(path + " = \"" + Text.cut(setting.text) + "\" (" + setting.origin + "): " + complaint);
    }

    /**
     * Makes the record of a section and the records in it.
     *
     * @return null if the record refuses a value
     */
    <T> T read(String section, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = section + "." + hyphenated(components[i].getName());
            types[i] = components[i].getType();
            values[i] = types[i].isRecord() ? read(key, types[i]) : value(key, components[i]);
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Check.Failure refused) {
                refused.problems().forEach(problem -> complain(problem.key(), problem.complaint()));
                return null;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static String hyphenated(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private Object value(String key, RecordComponent component) {
        String path = keys.find(key).orElseThrow(() -> new IllegalStateException("reference.conf lacks " + key));
        try {
            return parse(setting(path).text, component);
        } catch (IllegalArgumentException e) {
            complain(path, e.getMessage());
            return parse(text(reference.getValue(path)), component);
        }
    }

    private static Object parse(String text, RecordComponent component) {
        Class<?> type = component.getType();
        boolean isSize = component.getName().endsWith("Bytes");
        if (type == String.class) {
            return text;
        }
        if (type == int.class) {
            return isSize ? (int) Math.max(-1, Math.min(Values.size(text), Integer.MAX_VALUE)) : (int) whole(text, 32);
        }
        if (type == long.class) {
            return isSize ? Values.size(text) : whole(text, 64);
        }
        if (type == double.class) {
            return decimal(text, "must be a number").doubleValue();
        }
        if (type == boolean.class) {
            return flag(text);
        }
        if (type == Duration.class) {
            return Values.duration(text);
        }
        if (type == InetSocketAddress.class) {
            return Values.address(text);
        }
        if (type == URI.class) {
            return uri(text);
        }
        if (type == Path.class) {
            return path(text).orElseThrow(() -> new IllegalArgumentException("must name a file or directory"));
        }
        if (type == Optional.class) {
            return path(text);
        }
        if (type == List.class) {
            return isListOfStrings(component)
                    ? items(text).toList()
                    : items(text).map(Cidr::parse).toList();
        }
        return choice(text, type);
    }

    private static long whole(String text, int bits) {
        BigDecimal number = decimal(text, "must be a whole number");
        try {
            return bits == 32 ? number.intValueExact() : number.longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("must be a whole number of at most " + bits + " bits", e);
        }
    }

    private static BigDecimal decimal(String text, String complaint) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(complaint, e);
        }
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a URL", e);
        }
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a path of this system", e);
        }
    }

    private static boolean isListOfStrings(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType type
                && type.getActualTypeArguments()[0] == String.class;
    }

    private static Stream<String> items(String text) {
        return Stream.of(text.split(",", -1)).map(String::strip).filter(item -> !item.isEmpty());
    }

    private static Object choice(String text, Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(choice -> choice.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(choice -> choice.toString().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    private Setting setting(String path) {
        Setting override = overrides.get(path);
        if (override != null) {
            return override;
        }
        ConfigValue value = file.hasPath(path) ? file.getValue(path) : reference.getValue(path);
        return new Setting(text(value), ConfigFile.place(value.origin()));
    }

    private static String text(ConfigValue value) {
        if (value instanceof ConfigObject) {
            return "{ … }";
        }
        if (value instanceof ConfigList list) {
            return list.stream().map(Settings::text).collect(Collectors.joining(","));
        }
        return String.valueOf(value.unwrapped()).strip();
    }
}
