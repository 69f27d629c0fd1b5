package dev.jetstream.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.jetstream.relay.SyntheticNetwork;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The CPU time of a byte of hostile frames, compared with that of a byte of ordinary frames on the same machine. */
class HostileFramesTest {
    /** Once the code is compiled, the most expensive input costs about ten times as much. */
    private static final int MAX_FACTOR = 25;

    private static final int MAX_ROUNDS = 12;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final FrameDecoder DECODER = Decoded.decoder();
    private static final byte[][] ORDINARY = ordinary();

    private static byte[][] ordinary() {
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_780_000_000));
        SyntheticNetwork network = new SyntheticNetwork(11, 40, 1, clock);
        List<byte[]> frames = new ArrayList<>();
        for (int size = 0; size < 8_000_000; size += frames.get(frames.size() - 1).length) {
            frames.add(network.next().frame());
        }
        return frames.toArray(byte[][]::new);
    }

    static Stream<Arguments> frames() {
        return Stream.concat(
                LargeFrames.all().entrySet().stream()
                        .map(frame -> Arguments.of(frame.getKey(), new byte[][] {frame.getValue()})),
                LargeFrames.runs().entrySet().stream().map(run -> Arguments.of(run.getKey(), run.getValue())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void hostileFramesCostLittleMoreThanOrdinaryOnes(String what, byte[][] frames) {
        double hostile = Double.MAX_VALUE;
        double ordinary = Double.MAX_VALUE;
        for (int round = 0; round < MAX_ROUNDS && (round < 2 || hostile > MAX_FACTOR * ordinary); round++) {
            hostile = Math.min(hostile, nanosPerByte(frames));
            ordinary = Math.min(ordinary, nanosPerByte(ORDINARY));
        }

        System.out.printf("%s: %.1f times the CPU time of ordinary frames%n", what, hostile / ordinary);
        assertThat(hostile / ordinary)
                .as("cost of a byte compared with that of ordinary frames")
                .isLessThan(MAX_FACTOR);
    }

    private static double nanosPerByte(byte[][] frames) {
        int bytes = Arrays.stream(frames).mapToInt(frame -> frame.length).sum();
        long nanos = 0;
        for (int i = 0; i < frames.length; i += 100) {
            var batch = Decoded.batch(Arrays.copyOfRange(frames, i, Math.min(frames.length, i + 100)));
            long start = THREADS.getCurrentThreadCpuTime();
            DECODER.decode(batch).release();
            nanos += THREADS.getCurrentThreadCpuTime() - start;
        }
        return (double) nanos / bytes;
    }
}
