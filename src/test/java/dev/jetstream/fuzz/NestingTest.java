package dev.jetstream.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Inputs as deep as the limits let in, and far deeper: each is dealt with on a quarter of the stack that the server's threads
 * have. A stack that overflows would be more than a bad input: it fails the pipeline, and the same frame comes again.
 */
class NestingTest {
    private static final long STACK_BYTES = 256 << 10;
    private static final int DEEP = 300_000;

    static Stream<Arguments> inputs() {
        byte[] array = {(byte) 0x81};
        byte[] endless = {(byte) 0x9F};
        byte[] map = {(byte) 0xA1, 0x61, 'a'};
        byte[] tag = {(byte) 0xC1};
        byte[] text = {0x61, 'x'};
        String payload = "{\"type\":\"options_update\",\"payload\":{\"x\":";
        return Stream.of(127, DEEP)
                .flatMap(depth -> Stream.of(
                        Arguments.of("record", "arrays", depth, joined(map, times(depth, array), text)),
                        Arguments.of("record", "maps", depth, joined(times(depth + 1, map), text)),
                        Arguments.of("record", "tags", depth, joined(map, times(depth, tag), text)),
                        Arguments.of("frame", "arrays", depth, joined(map, times(depth, array), text)),
                        Arguments.of("frame", "endless arrays", depth, joined(map, times(depth, endless))),
                        Arguments.of("frame", "maps", depth, joined(times(depth, map), text)),
                        Arguments.of("frame", "tags", depth, joined(map, times(depth, tag), text)),
                        Arguments.of("options-update", "arrays", depth, nested(payload, depth, "[", "]", "}}")),
                        Arguments.of("options-update", "maps", depth, nested(payload, depth, "{\"a\":", "}", "}}"))));
    }

    private static byte[] nested(String start, int depth, String open, String close, String end) {
        return (start + open.repeat(depth) + "1" + close.repeat(depth) + end).getBytes(US_ASCII);
    }

    private static byte[] times(int count, byte[] bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List.of(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    @ParameterizedTest(name = "{0}: {2} {1}")
    @MethodSource("inputs")
    void deepInputsNeedLittleStack(String target, String what, int depth, byte[] input) {
        FutureTask<String> taking =
                new FutureTask<>(() -> FuzzTargets.named(target).take(input));
        new Thread(null, taking, "small-stack", STACK_BYTES).start();
        assertThatCode(taking::get).doesNotThrowAnyException();
    }
}
