package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages about wrong settings. */
class ConfigProblemsTest extends ConfigTest {
    @Test
    void listsEveryProblemInOneMessageWithKeyValueOriginAndWhatIsAllowed() throws Exception {
        write(
                """
                jetstream {
                  http.listen = "nowhere"
                  http.backlog = 0
                  http.default-format = v3
                  zstd.level = 40
                  sequence.max-events = 0
                  sequence { min-interval = 30ms, max-interval = 20ms }
                  journal.on-damage = explode
                  journal { event-ttl = 5, max-size-bytes = 1 }
                  htpp.listen = 1
                }
                """);
        environment.put("JETSTREAM_WORKER_COUNT", "many");
        flags.put("--ws-url", "http://relay.test");

        assertThat(refusal().lines())
                .containsExactlyInAnyOrder(
                        "the configuration has 12 problems:",
                        "  jetstream.http.listen = \"nowhere\" (" + file
                                + ":2): must be HOST:PORT, [IPV6]:PORT, or :PORT for "
                                + "all interfaces, with a port from 0 (any free one) to 65535",
                        "  jetstream.internal.http.backlog = \"0\" (" + file + ":3): must be from 1 to 65535",
                        "  jetstream.http.default-format = \"v3\" (" + file + ":4): must be v1 or v0",
                        "  jetstream.zstd.level = \"40\" (" + file + ":5): must be from 1 to 19",
                        "  jetstream.internal.sequence.max-events = \"0\" (" + file + ":6): must be from 1 to 100000",
                        "  jetstream.sequence.max-interval = \"20ms\" (" + file
                                + ":7): must not be less than jetstream.sequence.min-interval (30ms)",
                        "  jetstream.journal.on-damage = \"explode\" (" + file + ":8): must be one of stop, skip",
                        "  jetstream.journal.event-ttl = \"5\" (" + file
                                + ":9): must be a length of time with a unit, such as 500ms, 15s or 1h30m",
                        "  jetstream.journal.max-size-bytes = \"1\" (" + file
                                + ":9): must be 0 (no limit), or from 16 MiB to 1024 TiB",
                        "  jetstream.htpp (" + file + ":10): unknown key; did you mean jetstream.http?",
                        "  jetstream.decode.parallelism = \"many\" (JETSTREAM_WORKER_COUNT): must be a whole number",
                        "  jetstream.upstream.url = \"http://relay.test\" (--ws-url): must be a ws:// or wss:// URL with a host "
                                + "and no #fragment");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    jetstream.http.listn = ":1"            | jetstream.http.listn      | did you mean jetstream.http.listen?
                    jetstream.htpp { listen = ":1" }       | jetstream.htpp            | did you mean jetstream.http?
                    jetstream.log.levle = info             | jetstream.log.levle       | did you mean jetstream.log.level?
                    jetstream.http = 5                     | jetstream.http            | is a section: write jetstream.http { … }
                    jetstream.http.listen.port = 5         | jetstream.http.listen     | must be HOST:PORT
                    jetstrem.http.listen = ":1"            | jetstrem                  | did you mean jetstream?
                    jetstream.zzzzzzzzzzzzzzzzzzzzzzzzz = 1 | jetstream.zzzzzzzzzzzzzzzzzzzzzzzzz | unknown key; reference.conf lists all keys
                    """)
    void refusesUnknownKeysByName(String content, String key, String complaint) throws Exception {
        write(content);
        assertThat(refusal()).contains("\n  " + key).contains(complaint).startsWith("the configuration has a problem:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1h", "999999999h"})
    void namesTheRangeForALengthOfTimeOutsideOfIt(String ttl) {
        environment.put("JETSTREAM_EVENT_TTL", ttl);
        assertThat(refusal())
                .contains("jetstream.journal.event-ttl = \"" + ttl
                        + "\" (JETSTREAM_EVENT_TTL): must be from 1s to 876000h");
    }

    @Test
    void refusesTwoListenersOnOneAddress() {
        flags.put("--listen-addr", "127.0.0.1:7000");
        environment.put("JETSTREAM_METRICS_LISTEN_ADDR", ":7000");
        assertThat(refusal())
                .contains(
                        "jetstream.metrics.listen = \":7000\" (JETSTREAM_METRICS_LISTEN_ADDR): must not be the address of"
                                + " jetstream.http.listen");
    }

    @Test
    void twoListenersMayHaveAnyFreePortAndOnePortOfTwoAddresses() throws Exception {
        flags.put("--listen-addr", "127.0.0.1:0");
        flags.put("--metrics-listen-addr", "127.0.0.1:0");
        load();
        flags.put("--listen-addr", "127.0.0.1:7000");
        flags.put("--metrics-listen-addr", "127.0.0.2:7000");
        load();
    }

    @Test
    void aMissingBraceIsNamedAsSuch() throws Exception {
        write("jetstream {\n  zstd.level = 2\n");
        assertThat(refusal()).startsWith(file + ":").contains("}").doesNotContain("parenthes");
    }

    @Test
    void saysWhereTheSyntaxIsWrong() throws Exception {
        write("jetstream {\n  http.listen = \":1\"\n  zstd { level = }}}\n");
        assertThat(refusal()).startsWith(file + ":3: ").doesNotContain("\n");
    }

    @Test
    void saysWhichSubstitutionLeadsNowhere() throws Exception {
        write("jetstream.zstd.level = ${nowhere}\n");
        assertThat(refusal()).startsWith(file + ":1: ").contains("${nowhere}");
    }

    @Test
    void saysThatTheFileIsNotThereOrNoFile() {
        file = Path.of("no-such.conf");
        assertThat(refusal()).isEqualTo("--config no-such.conf: there is no such file");
        file = directory;
        assertThat(refusal()).isEqualTo(directory + ": is not a file");
    }

    @Test
    void refusesADictionaryThatCannotBeRead() {
        environment.put("JETSTREAM_ZSTD_DICTIONARY_PATH", "/no/such/dictionary");
        assertThat(refusal())
                .contains("jetstream.zstd.dictionary-file = \"/no/such/dictionary\" (JETSTREAM_ZSTD_DICTIONARY_PATH): "
                        + "must be a file that this user can read");
    }

    @Test
    void quotesLongAndUnprintableValuesCut() {
        environment.put("JETSTREAM_EVENT_TTL", "x\u0007".repeat(5_000));
        assertThat(refusal()).contains("x x x ").contains("…").hasSizeLessThan(400);
    }
}
