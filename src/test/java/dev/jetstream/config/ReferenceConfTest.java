package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code reference.conf} and the records have the same keys, and each is documented. */
class ReferenceConfTest {
    private static final Config REFERENCE =
            ConfigFactory.parseResources(ReferenceConfTest.class.getClassLoader(), "reference.conf");

    static Stream<String> keys() {
        return new Keys(REFERENCE).paths().stream();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aKeyIsDocumentedWithItsEnvironmentNameAndFlag(String key) {
        ConfigValue value = REFERENCE.getValue(key);
        String comment = String.join("\n", value.origin().comments());

        assertThat(comment.length()).as("the comment of " + key).isGreaterThan(60);
        assertThat(comment).contains("env: " + Keys.environmentName(key));
        new Keys(REFERENCE)
                .pathOfFlag("--"
                        + Keys.environmentName(key)
                                .replaceFirst("JETSTREAM_", "")
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'))
                .ifPresent(same -> assertThat(comment).containsPattern("flag: --[a-z-]+"));
    }

    @Test
    void everyKeyIsAComponentOfItsSectionsRecordAndViceVersa() {
        Keys keys = new Keys(REFERENCE);
        SortedSet<String> components = new TreeSet<>();
        for (RecordComponent section : JetstreamConfig.class.getRecordComponents()) {
            Arrays.stream(section.getType().getRecordComponents())
                    .map(component -> "jetstream." + section.getName() + "." + Settings.hyphenated(component.getName()))
                    .map(key -> keys.find(key).orElse(key))
                    .forEach(components::add);
        }
        assertThat(keys.paths()).containsExactlyElementsOf(components);
    }

    @Test
    void noTwoKeysShareAnEnvironmentName() {
        Keys keys = new Keys(REFERENCE);
        assertThat(keys.environmentNames()).hasSameSizeAs(keys.paths());
    }
}
