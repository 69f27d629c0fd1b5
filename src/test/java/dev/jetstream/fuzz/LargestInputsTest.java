package dev.jetstream.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.decode.LargeFrames;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Inputs as large as the limits allow, made to be expensive: each stays within its target's memory, and needs at most a few times
 * the CPU time of as many bytes of good inputs. What decoding costs alone is compared by {@code HostileFramesTest}.
 */
class LargestInputsTest {
    private static final int MAX_FACTOR = 10;
    private static final int MAX_ROUNDS = 10;
    private static final int HEAD_BYTES = 1 << 20;
    private static final int MESSAGE_BYTES = 10_000_000;

    static Stream<Arguments> heads() {
        String get = "GET /subscribe HTTP/1.1\r\n";
        return Stream.of(
                Arguments.of("weights", get + "Accept: x", ";q=2", "\r\n\r\n"),
                Arguments.of("ranges", get + "Accept: x", ",text/html", "\r\n\r\n"),
                Arguments.of("proxies", get + "X-Forwarded-For: ", "10.0.0.1,", "\r\n\r\n"),
                Arguments.of("fields", get, "Accept:\r\n", "\r\n"),
                Arguments.of("tokens", get + "Upgrade: ", "x,", "\r\n\r\n"),
                Arguments.of("nothing but commas", get + "Connection: ", ",", "\r\n\r\n"),
                Arguments.of("pairs", "GET /subscribe?", "a&", " HTTP/1.1\r\n\r\n"),
                Arguments.of("values", "GET /subscribe?", "wantedDids=did:a:a&", " HTTP/1.1\r\n\r\n"),
                Arguments.of("an escaped value", "GET /subscribe?wantedDids=", "%61", " HTTP/1.1\r\n\r\n"),
                Arguments.of("a long DID", "GET /subscribe?wantedDids=did:a:", ":", " HTTP/1.1\r\n\r\n"),
                Arguments.of("a long NSID", "GET /subscribe?wantedCollections=a", ".a", " HTTP/1.1\r\n\r\n"),
                Arguments.of("digits", "GET /subscribe?cursor=", "9", " HTTP/1.1\r\n\r\n"),
                Arguments.of("lines", get, "\n\r", "\n\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void requestHeads(String what, String start, String again, String end) throws Exception {
        String head = start + again.repeat((HEAD_BYTES - start.length() - end.length()) / again.length()) + end;

        isCheap("request-head", head.getBytes(ISO_8859_1));
        isCheap("subscribe", head.getBytes(ISO_8859_1));
    }

    private static void isCheap(String target, byte[] input) throws Exception {
        Trial trial = new Trial(FuzzTargets.named(target));
        trial.take(input.clone());
        long hostile = Long.MAX_VALUE;
        long ordinary = Long.MAX_VALUE;
        for (int round = 0; round < MAX_ROUNDS && hostile / MAX_FACTOR >= ordinary; round++) {
            hostile = Math.min(hostile, trial.nanos(input));
            ordinary = Math.min(ordinary, trial.ordinaryNanos(input.length));
        }
        assertThat((double) hostile / ordinary)
                .as("CPU time compared with that of good inputs")
                .isLessThan(MAX_FACTOR);
    }

    static Stream<Arguments> messages() {
        String payload = "{\"type\":\"options_update\",\"payload\":";
        return Stream.of(
                message("new names", "{", i -> "\"k" + i + "\":1,", "\"type\":\"x\"}"),
                message("new names in the payload", payload + "{", i -> "\"k" + i + "\":1,", "\"x\":1}}"),
                message("DIDs", payload + "{\"wantedDids\":[", i -> "\"did:a:" + i + "\",", "\"did:a:a\"]}}"),
                message("one DID", payload + "{\"wantedDids\":[", i -> "\"did:a:a\",", "\"did:a:a\"]}}"),
                message("a long text", payload + "{\"wantedDids\":[\"", i -> "\\u0041", "\"]}}"),
                message("digits", payload + "{\"maxMessageSizeBytes\":", i -> "9", "}}"),
                message("openings", payload, i -> "[", ""),
                message("the payload again", "{\"type\":\"options_update\"", i -> ",\"payload\":{}", "}"));
    }

    private static Arguments message(String what, String start, IntFunction<String> again, String end) {
        StringBuilder text = new StringBuilder(start);
        for (int i = 0; text.length() < MESSAGE_BYTES - end.length() - 40; i++) {
            text.append(again.apply(i));
        }
        return Arguments.of(what, text.append(end).toString().getBytes(ISO_8859_1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void clientMessages(String what, byte[] message) throws Exception {
        isCheap("options-update", message);
    }

    static Stream<Arguments> frames() {
        return LargeFrames.all().entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void upstreamFrames(String what, byte[] frame) throws Exception {
        assertThat(new Trial(FuzzTargets.named("frame")).take(frame)).isNotEmpty();
    }

    static Stream<Map.Entry<String, byte[]>> streams() {
        byte[] pings = new byte[MESSAGE_BYTES / 10];
        byte[] fragments = new byte[MESSAGE_BYTES / 10];
        for (int i = 0; i + 6 <= pings.length; i += 6) {
            pings[i] = (byte) 0x89;
            pings[i + 1] = (byte) 0x80;
            fragments[i] = (byte) (i == 0 ? 1 : 0);
            fragments[i + 1] = (byte) 0x80;
        }
        return Stream.of(Map.entry("pings", pings), Map.entry("empty fragments", fragments));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void clientStreams(Map.Entry<String, byte[]> stream) throws Exception {
        byte[] input = new byte[stream.getValue().length + 1];
        System.arraycopy(stream.getValue(), 0, input, 1, input.length - 1);
        isCheap("client-frames", input);
    }
}
