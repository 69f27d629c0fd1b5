package dev.jetstream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Holds who may import whom: packages in the order of the data, imports one way. */
class ArchitectureTest {
    private static final String ROOT = "dev.jetstream";

    /** A package, and the packages of ours that it may import. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("common", Set.of()),
            Map.entry("websocket", Set.of()),
            Map.entry("event", Set.of("common", "websocket")),
            Map.entry("stream", Set.of("common", "event", "websocket")),
            Map.entry("config", Set.of("common")),
            Map.entry("metrics", Set.of()),
            Map.entry("upstream", Set.of("common", "event", "websocket", "config", "metrics")),
            Map.entry("decode", Set.of("common", "event", "upstream", "websocket", "config")),
            Map.entry("sequence", Set.of("common", "event", "upstream", "decode")),
            Map.entry("journal", Set.of("common", "event", "websocket", "config", "metrics")),
            Map.entry("net", Set.of("common", "websocket", "metrics")),
            Map.entry("replay", Set.of("common", "event", "journal", "metrics")),
            Map.entry(
                    "subscriber",
                    Set.of("common", "event", "stream", "websocket", "journal", "net", "config", "metrics")),
            Map.entry("http", Set.of("common", "event", "stream", "websocket", "net", "replay", "config", "metrics")),
            Map.entry(
                    "app",
                    Set.of(
                            "common",
                            "event",
                            "stream",
                            "config",
                            "metrics",
                            "upstream",
                            "decode",
                            "sequence",
                            "journal",
                            "subscriber",
                            "replay",
                            "http")),
            Map.entry("client", Set.of()),
            Map.entry("relay", Set.of("common", "websocket")),
            Map.entry("cli", Set.of("common", "app", "client", "relay", "config", "journal")));

    private static JavaClasses ours;

    @BeforeAll
    static void read() {
        ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @Test
    void everyPackageIsInTheTable() {
        Set<String> found = ours.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1).split("\\.")[0])
                .collect(Collectors.toSet());
        assertThat(MAY_IMPORT.keySet()).containsAll(found);
    }

    @Test
    void importsGoOneWay() {
        MAY_IMPORT.forEach((name, allowed) -> {
            Set<String> packages = Stream.concat(Stream.of(name), allowed.stream())
                    .map(part -> ROOT + "." + part)
                    .collect(Collectors.toSet());
            DescribedPredicate<JavaClass> allowedOnes = DescribedPredicate.describe(
                    "outside of our packages or in " + packages,
                    type -> !type.getPackageName().startsWith(ROOT)
                            || packages.stream().anyMatch(allowedPackage -> isIn(type, allowedPackage)));
            classes()
                    .that()
                    .resideInAPackage(ROOT + "." + name + "..")
                    .should()
                    .onlyDependOnClassesThat(allowedOnes)
                    .allowEmptyShould(true)
                    .check(ours);
        });
    }

    private static boolean isIn(JavaClass type, String packageName) {
        return type.getPackageName().equals(packageName)
                || type.getPackageName().startsWith(packageName + ".");
    }

    @Test
    void noCycles() {
        SlicesRuleDefinition.slices()
                .matching(ROOT + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(ours);
    }

    /** The reading side runs without the writing side; both stand on the store, and that on the codec. */
    @Test
    void theJournalsPackagesAreInOrder() {
        Map<String, Set<String>> order = Map.of(
                "codec", Set.of("store", "read", "write"),
                "store", Set.of("read", "write"),
                "read", Set.of("write"));
        order.forEach((name, above) -> noClasses()
                .that()
                .resideInAPackage(ROOT + ".journal." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        above.stream().map(other -> ROOT + ".journal." + other).toArray(String[]::new))
                .check(ours));
        SlicesRuleDefinition.slices()
                .matching(ROOT + ".(journal.*)")
                .should()
                .beFreeOfCycles()
                .check(ours);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".journal.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".journal")
                .check(ours);
    }

    @Test
    void onlyMetricsKnowsKamon() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("kamon..")
                .check(ours);
    }

    @Test
    void eventsAreFreeOfActorsAndSockets() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".event..", ROOT + ".stream..", ROOT + ".websocket..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.pekko..", "java.nio.channels..", "java.net..")
                .check(ours);
    }

    @Test
    void loggersAreConstantsOfOneName() {
        fields().that()
                .haveRawType(Logger.class)
                .should()
                .haveName("LOG")
                .andShould()
                .bePrivate()
                .andShould()
                .beStatic()
                .andShould()
                .beFinal()
                .check(ours);
    }

    @Test
    void onlyTheStoreSpeaksSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".journal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.sql..")
                .check(ours);
    }

    @Test
    void theDemonstrationRelayKeepsItsOwnEncoder() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".relay..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".decode..")
                .check(ours);
    }

    @Test
    void pekkoHttpIsUsedByItsPublicApiOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.pekko.http.impl..")
                .check(ours);
    }
}
