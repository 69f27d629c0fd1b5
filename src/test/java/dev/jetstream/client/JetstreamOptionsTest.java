package dev.jetstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JetstreamOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "ws://h:1, ws://h:1/subscribe",
        "http://h/, ws://h/subscribe",
        "HTTPS://h/other, wss://h/other",
        "wss://[::1]:7/x/subscribe, wss://[::1]:7/x/subscribe",
        "ws://h?a=b&cursor=, ws://h/subscribe?a=b",
    })
    void normalisesUrls(String url, String server) {
        assertThat(JetstreamOptions.builder(url).build().servers()).containsExactly(URI.create(server));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h",
                "h:1",
                "ftp://h",
                "ws:h",
                "ws://",
                "ws://h:99999",
                "ws://h/ x",
                "ws://h?cursor=x",
                "ws://h?format=v2"
            })
    void refusesWhatIsNoServer(String url) {
        assertThatThrownBy(() -> JetstreamOptions.builder(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesTheParametersOfAUrlAsOptions() {
        JetstreamOptions options = JetstreamOptions.builder(
                        "ws://h?wantedCollections=a.b.c&wantedCollections=a.b.*&wantedDids=did%3Aplc%3Ax&cursor=-5"
                                + "&compress=true&requireHello=true&maxMessageSizeBytes=9&format=v0")
                .build();
        assertThat(options.filter())
                .isEqualTo(StreamFilter.builder()
                        .wantedCollections("a.b.c", "a.b.*")
                        .wantedDids("did:plc:x")
                        .maxMessageSizeBytes(9)
                        .build());
        assertThat(options.cursor()).hasValue(-5);
        assertThat(options.compress()).isTrue();
        assertThat(options.requireHello()).isTrue();
        assertThat(options.format()).isEqualTo(JetstreamOptions.Format.V0);
        assertThat(ServerUrl.subscribe(
                        options.servers().get(0), options.filter(), options.cursor(), true, options.format()))
                .isEqualTo(URI.create("ws://h/subscribe?wantedCollections=a.b.c&wantedCollections=a.b.*"
                        + "&wantedDids=did%3Aplc%3Ax&maxMessageSizeBytes=9&cursor=-5&compress=true&format=v0"));
    }

    @Test
    void asksForNothingThatWasNotSet() {
        JetstreamOptions options = JetstreamOptions.builder("ws://h").build();
        assertThat(ServerUrl.subscribe(
                        options.servers().get(0), options.filter(), OptionalLong.empty(), false, options.format()))
                .isEqualTo(URI.create("ws://h/subscribe"));
    }

    @Test
    void whatWasBuiltDoesNotChangeWithItsBuilder() {
        JetstreamOptions.Builder builder = JetstreamOptions.builder("ws://h");
        JetstreamOptions options = builder.build();
        builder.cursor(5).wantedDids("did:plc:x");
        assertThat(options.cursor()).isEmpty();
        assertThat(options.filter()).isEqualTo(StreamFilter.ALL);
    }

    @Test
    void refusesValuesOutOfRangeByName() {
        JetstreamOptions.Builder builder = JetstreamOptions.builder("ws://h");
        assertThatThrownBy(() -> builder.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("PT2S");
        assertThatThrownBy(() -> builder.backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("shortest backoff");
        assertThatThrownBy(() -> builder.livenessTimeout(Duration.ZERO)).hasMessageContaining("livenessTimeout");
        assertThatThrownBy(() -> builder.rewindOnHostSwitch(Duration.ofSeconds(-1)))
                .hasMessageContaining("rewindOnHostSwitch");
        assertThatThrownBy(() -> builder.bufferEvents(0)).hasMessageContaining("bufferEvents");
        assertThatThrownBy(() -> builder.maxMessageSizeBytes(1L << 32)).hasMessageContaining("maxMessageSizeBytes");
        assertThatThrownBy(() -> builder.bufferBytes(0)).hasMessageContaining("bufferBytes");
        assertThatThrownBy(() -> builder.wantedDids("")).hasMessageContaining("wantedDids");
        assertThatThrownBy(() -> JetstreamOptions.builder(List.of())).hasMessageContaining("URL");
    }

    @Test
    void pausesDoubleUpToTheLongestAndJitterTakesUpToHalf() {
        Session.Backoff longest = new Session.Backoff(Duration.ofMillis(100), Duration.ofMillis(700), () -> 1);
        Session.Backoff shortest = new Session.Backoff(Duration.ofMillis(100), Duration.ofMillis(700), () -> 0);
        for (int ms : new int[] {100, 200, 400, 700, 700}) {
            assertThat(longest.next()).hasMillis(ms);
            assertThat(shortest.next()).hasMillis(ms / 2);
        }
        longest.reset();
        assertThat(longest.next()).hasMillis(100);
    }
}
