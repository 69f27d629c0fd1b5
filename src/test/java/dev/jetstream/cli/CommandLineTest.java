package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator sees and gets: texts and exit codes. */
class CommandLineTest {
    @TempDir
    Path directory;

    @Test
    void helpNamesAllCommandsAndExitCodes() {
        Program help = Program.run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .contains("serve ", "demo ", "relay ", "tail ", "journal ", "dictionary ")
                .containsPattern("0 +success")
                .containsPattern("1 +it could not start")
                .containsPattern("2 +wrong arguments or configuration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "tail", "journal check", "dictionary check"})
    void onlyTheProgramsHelpSaysWhatHappensWithoutACommand(String command) {
        String end = "The default command is serve";
        assertThat(Program.run("--help").out()).contains(end);
        assertThat(Program.run((command + " --help").split(" ")).out()).doesNotContain(end);
    }

    @Test
    void serveNamesTheEnvironmentVariableOfEachFlag() {
        String help = Program.run("serve", "--help").out();
        Matcher flag = Pattern.compile("--([a-z-]+)=").matcher(help);
        while (flag.find()) {
            String name = "JETSTREAM_" + flag.group(1).toUpperCase(Locale.ROOT).replace('-', '_');
            assertThat(flag.group(1).equals("config")
                            || help.replaceAll("\\s+", " ").contains("(env: " + name + ")"))
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void tailTakesAHostAndAPort() {
        assertThat(TailCommand.withScheme("127.0.0.1:6108")).isEqualTo("ws://127.0.0.1:6108");
        Program refused = Program.run("tail", "--no-reconnect", "127.0.0.1:1");
        assertThat(refused.code()).as(refused.err()).isEqualTo(1);
    }

    @Test
    void versionIsOneLine() {
        assertThat(Program.run("--version").out()).matches("jetstream \\S+\\R");
        assertThat(Program.run("-V").code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "relay", "journal", "journal check", "dictionary", "dictionary check"})
    void everyCommandHelps(String command) {
        Program help = Program.run((command + " --help").split(" "));
        assertThat(help.code()).isZero();
        assertThat(help.out()).startsWith("Usage: jetstream " + command).contains("Exit codes:");
    }

    @Test
    void serveTakesTheFlagsOfV1() {
        assertThat(Program.run("serve", "--help").out())
                .contains(
                        "--ws-url=",
                        "--listen-addr=",
                        "--metrics-listen-addr=",
                        "--data-dir=",
                        "--zstd-dictionary-path=",
                        "--event-ttl=",
                        "--max-sub-rate=",
                        "--override-relay-cursor=",
                        "--liveness-ttl=",
                        "--worker-count=",
                        "--max-queue-size=",
                        "--config=");
    }

    @Test
    void withoutACommandItServes() {
        assertThat(Main.withDefaultCommand()).containsExactly("serve");
        assertThat(Main.withDefaultCommand("--ws-url", "ws://x")).containsExactly("serve", "--ws-url", "ws://x");
        assertThat(Main.withDefaultCommand("demo", "--rate", "1")).containsExactly("demo", "--rate", "1");
        assertThat(Main.withDefaultCommand("--help")).containsExactly("--help");
    }

    @Test
    void wrongFlagValuesAreListedByFlagAndNothingStarts() {
        Program wrong = Program.run("--listen-addr", "nowhere", "--event-ttl", "5", "--ws-url", "http://relay.test");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err().lines())
                .hasSize(4)
                .anyMatch(line -> line.equals("jetstream: the configuration has 3 problems:"))
                .anyMatch(line -> line.startsWith("  jetstream.http.listen = \"nowhere\" (--listen-addr): must be "))
                .anyMatch(line -> line.startsWith("  jetstream.journal.event-ttl = \"5\" (--event-ttl): must be "))
                .anyMatch(line ->
                        line.startsWith("  jetstream.upstream.url = \"http://relay.test\" (--ws-url): must be "));
    }

    @Test
    void aMissingConfigurationFileIsOneSentence() {
        Program wrong = Program.run("serve", "--config", "/no/such/file.conf");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err().strip()).isEqualTo("jetstream: --config /no/such/file.conf: there is no such file");
    }

    @Test
    void aBrokenConfigurationFileIsOneSentenceWithItsPlace() throws Exception {
        Path file = Files.writeString(directory.resolve("broken.conf"), "a = 1\nb = }\n");
        Program wrong = Program.run("--config", file.toString());
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1).allMatch(line -> line.startsWith("jetstream: " + file + ":2: "));
    }

    @Test
    void unknownCommandsAndFlagsAreNamedWithTheWayOut() {
        Program command = Program.run("srve");
        assertThat(command.code()).isEqualTo(2);
        assertThat(command.err()).contains("'srve'", "Did you mean: jetstream serve?", "Try 'jetstream --help'.");

        Program flag = Program.run("--lisen-addr", ":1");
        assertThat(flag.code()).isEqualTo(2);
        assertThat(flag.err())
                .contains("'--lisen-addr'", "Try 'jetstream serve --help'.")
                .doesNotContain("\tat ");
    }

    @Test
    void relayRefusesWhatItCannotDo() {
        assertThat(Program.run("relay").err()).contains("Missing required option: '--port=P'");
        assertThat(Program.run("relay", "--port", "70000").err())
                .contains("--port must be from 0 (any free one) to 65535: 70000");
        assertThat(Program.run("relay", "--port", "0", "--rate", "-1").err())
                .contains("rate must be 0 to 1000000 frames a second: -1.0");
        assertThat(Program.run("relay", "--port", "0", "--accounts", "0").err())
                .contains("accounts must be 1 to 100000: 0");
        assertThat(Program.run("relay", "--port", "0", "--loop").err()).contains("--loop needs --replay FILE");
        assertThat(Program.run("relay", "--port", "x").code()).isEqualTo(2);
    }

    @Test
    void relayFailsWithASentenceWhereAFileIsMissing() {
        Program missing = Program.run("relay", "--port", "0", "--replay", "/no/such/frames");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err())
                .startsWith("jetstream: ")
                .contains("/no/such/frames")
                .doesNotContain("\tat ");
    }

    @Test
    void aGroupOfCommandsByItselfNamesThem() {
        Program journal = Program.run("journal");
        assertThat(journal.code()).isEqualTo(2);
        assertThat(journal.err()).startsWith("jetstream: a subcommand is missing: journal check");
        assertThat(Program.run("dictionary").err()).contains("a subcommand is missing: dictionary check");
    }

    @Test
    void demoRefusesWhatItCannotDo() {
        assertThat(Program.run("demo", "--port", "65535").err()).contains("--port must be from 0 to 65534: 65535");
        assertThat(Program.run("demo", "--rate", "-5").err())
                .contains("rate must be 0 to 1000000 frames a second: -5.0");
        assertThat(Program.run("demo", "--rate", "-5").code()).isEqualTo(2);
    }
}
