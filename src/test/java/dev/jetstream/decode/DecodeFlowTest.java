package dev.jetstream.decode;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jetstream.Patience;
import dev.jetstream.config.JetstreamConfig.DecodeConfig;
import dev.jetstream.event.Filter;
import dev.jetstream.upstream.FrameBatch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DecodeFlowTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(DecodeFlow.class);

    private static ActorSystem system;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void catchLog() {
        log.start();
        LOGGER.setAdditive(false);
        LOGGER.addAppender(log);
    }

    @AfterEach
    void releaseLog() {
        LOGGER.detachAppender(log);
        LOGGER.setAdditive(true);
    }

    @BeforeAll
    static void start() {
        system = ActorSystem.create("decode");
    }

    @AfterAll
    static void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void theOrderOfBatchesIsKeptWhateverTheirSizes() throws Exception {
        List<FrameBatch> batches = IntStream.range(0, 400)
                .mapToObj(i -> Decoded.batch(frames(i, i % 7 == 0 ? 300 : 1)))
                .toList();

        List<DecodedFrames> decoded = run(batches, 4);

        long[] seqs = decoded.stream()
                .flatMapToLong(frames -> LongStream.of(frames.seqs()))
                .toArray();
        long[] sent = IntStream.range(0, 400)
                .boxed()
                .flatMapToLong(i -> LongStream.range(0, i % 7 == 0 ? 300 : 1).map(k -> 1000L * i + k))
                .toArray();
        assertThat(seqs).isEqualTo(sent);
        assertThat(decoded).allSatisfy(frames -> assertThat(frames.count()).isEqualTo(frames.frameCount()));
    }

    @Test
    void aFaultOfTheDecoderCostsItsFrameOnly() throws Exception {
        FrameBatch good = Decoded.batch(frames(1, 3));
        int[] spoiltEnds = good.ends().clone();
        spoiltEnds[1] = good.bytes().length + 1000;
        int[] spoiltStarts = good.starts().clone();
        spoiltStarts[1] = good.bytes().length + 10;
        FrameBatch spoilt =
                new FrameBatch(good.bytes(), 3, spoiltStarts, spoiltEnds, good.connection(), good.receivedNanos());

        List<DecodedFrames> decoded = run(List.of(spoilt, good), 2);

        assertThat(decoded.get(0).seqs()).containsExactly(1000, DecodedFrames.NO_SEQ, 1002);
        assertThat(decoded.get(0).drops()[DropReason.DECODER_FAULT.ordinal()]).isEqualTo(1);
        assertThat(decoded.get(0).count()).isEqualTo(2);
        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getFormattedMessage()).contains("frame_bytes=990");
        });
        assertThat(decoded.get(1).count()).isEqualTo(3);
    }

    @Test
    void aFaultThatLeavesNoResultCostsItsBatchOnly() throws Exception {
        FrameBatch good = Decoded.batch(frames(1, 2));
        FrameBatch promisesThree =
                new FrameBatch(good.bytes(), 3, good.starts(), good.ends(), good.connection(), good.receivedNanos());

        List<DecodedFrames> decoded = run(List.of(promisesThree, good), 1);

        assertThat(decoded.get(0).frameCount()).isEqualTo(3);
        assertThat(decoded.get(0).firstEvent(2)).isZero();
        assertThat(decoded.get(0).drops()[DropReason.DECODER_FAULT.ordinal()]).isEqualTo(3);
        assertThat(decoded.get(1).count()).isEqualTo(2);
    }

    @Test
    void noMoreBatchesAreDecodedAtOnceThanThereAreCores() {
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(DecodeFlow.parallelism(new DecodeConfig(1_024, 100_000))).isEqualTo(cores);
        assertThat(DecodeFlow.parallelism(new DecodeConfig(1, 1))).isEqualTo(1);
        assertThat(DecodeFlow.parallelism(new DecodeConfig(0, 1))).isEqualTo(cores);
    }

    private static List<DecodedFrames> run(List<FrameBatch> batches, int parallelism) throws Exception {
        return Source.from(batches)
                .via(DecodeFlow.create(new DecodeConfig(parallelism, 4), Filter.ALL, system.dispatcher()))
                .runWith(Sink.seq(), system)
                .toCompletableFuture()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static byte[][] frames(int batch, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var body = Frame.identity();
                    body.put("seq", 1000L * batch + i);
                    return Frame.of(Frame.header("#identity"), body);
                })
                .toArray(byte[][]::new);
    }
}
