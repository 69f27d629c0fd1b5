package dev.jetstream.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.stream.HttpStream;
import dev.jetstream.stream.Subscription;
import dev.jetstream.stream.V1Stream.Format;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Subscribers that are served in the body of an HTTP answer. */
class HttpStreamTest extends SubscriberFixture {
    private static final String LAST = "0\r\n\r\n";

    private void connect(HttpStream stream, OptionalLong cursor) {
        connect(new Subscription(FORMS, Filter.ALL, FORMS.encoding(Format.V1, stream), cursor, false));
    }

    private String sent() {
        return new String(socket.bytes(), UTF_8);
    }

    private static String chunks(EventBlock block, HttpStream stream) {
        return new String(block.frames(FORMS.encoding(Format.V1, stream)).bytes(), UTF_8);
    }

    @Test
    void silenceIsBrokenByALineThatSaysNothing() {
        connect(HttpStream.SERVER_SENT_EVENTS, OptionalLong.empty());
        awaitTail();
        passTime(Duration.ofSeconds(11));
        await(() -> assertThat(sent()).isEqualTo("2\r\n:\n\r\n"));
        EventBlock block = append(event(POST, "one"));
        log.announce();
        await(() -> assertThat(sent()).endsWith(chunks(block, HttpStream.SERVER_SENT_EVENTS)));
    }

    @Test
    void silenceBetweenLinesIsBrokenByAnEmptyOne() {
        connect(HttpStream.NDJSON, OptionalLong.empty());
        awaitTail();
        passTime(Duration.ofSeconds(11));
        await(() -> assertThat(sent()).isEqualTo("1\r\n\n\r\n"));
    }

    @Test
    void aStopEndsTheBodyBehindAWholeEvent() {
        EventBlock block = append(event(POST, "x".repeat(500)));
        socket.appetite(offered -> Math.min(offered, 100));
        connect(HttpStream.SERVER_SENT_EVENTS, OptionalLong.of(0));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        closeAll();
        socket.appetite(offered -> offered);
        await(() -> {
            socket.becomeWritable();
            assertThat(socket.isFinished()).isTrue();
        });
        assertThat(sent()).isEqualTo(chunks(block, HttpStream.SERVER_SENT_EVENTS) + LAST);
    }

    @Test
    void whateverTheSocketTakesEveryEventIsAWholeChunkInOrder() {
        StringBuilder wanted = new StringBuilder();
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            EventBlock block =
                    append(event(POST, "t".repeat(i % 20 == 0 ? 150_000 : random.nextInt(2_000))), event(LIKE, "s"));
            wanted.append(chunks(block, HttpStream.NDJSON));
        }
        log.holdFrom(30);
        Random appetite = new Random(8);
        socket.appetite(
                offered -> appetite.nextInt(4) == 0 ? offered : appetite.nextInt(offered + 1) * appetite.nextInt(2));
        socket.soonWritable();
        connect(HttpStream.NDJSON, OptionalLong.of(0));
        await(() -> assertThat(socket.bytes()).hasSize(wanted.length()));
        assertThat(sent()).isEqualTo(wanted.toString());
    }

    @Test
    void aStalledStreamIsAborted() {
        connect(HttpStream.NDJSON, OptionalLong.empty());
        awaitTail();
        socket.appetite(offered -> 0);
        appendAndTell(event(POST, "never read"));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        passTime(Duration.ofSeconds(59));
        passTime(Duration.ofSeconds(5));
        await(() -> assertThat(socket.isAborted()).isTrue());
    }
}
