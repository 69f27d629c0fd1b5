package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A reader of a closed source, which its client's thread may still ask: it must neither spin nor be deaf. */
class ClosedSourceTest {
    static Stream<FrameSource> sources() {
        byte[] frame =
                new SyntheticNetwork(1, 10, 1, InstantSource.system()).next().frame();
        return Stream.of(
                SyntheticSource.create(SyntheticOptions.defaults().withRate(0).withLimit(1)),
                ReplaySource.of(List.of(frame), false, 0),
                ReplaySource.of(List.of(frame), true, 0),
                ReplaySource.of(List.of(frame), true, 1));
    }

    @ParameterizedTest
    @MethodSource("sources")
    @Timeout(180)
    void waitsAndHearsOfAnInterrupt(FrameSource source) {
        FrameSource.FrameReader reader = ((FrameSource.Opened) source.open(OptionalLong.empty())).reader();
        source.close();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> {
                        FrameBatch batch = new FrameBatch();
                        while (reader.read(batch, TimeUnit.MILLISECONDS.toNanos(1))) {
                            assertThat(batch.isEmpty())
                                    .as("a frame that was made before the end")
                                    .isFalse();
                            batch.clear();
                        }
                    })
                    .isInstanceOf(InterruptedException.class);
        } finally {
            Thread.interrupted();
        }
    }
}
