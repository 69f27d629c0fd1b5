package dev.jetstream.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.Subscription;
import dev.jetstream.stream.V1Stream.Format;
import dev.jetstream.subscriber.SubscriberMetrics.End;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a client says: hello, options, pings, and what is not understood. */
class ClientMessagesTest extends SubscriberFixture {
    @Test
    void nothingIsSentBeforeTheHello() {
        append(event(POST, "old"));
        Socket.Events events = connect(OptionalLong.empty(), true, Filter.ALL);
        await(() -> assertThat(metrics.in(State.AWAITING_HELLO)).isEqualTo(1));
        appendAndTell(event(POST, "unheard"));
        events.onPing("are you there".getBytes(UTF_8));
        await(() -> assertThat(socket.frames()).hasSize(1));
        assertThat(socket.frames().get(0).opcode()).isEqualTo(FrameHeader.PONG);
        assertThat(socket.frames().get(0).text()).isEqualTo("are you there");
        update(events, "{}");
        awaitTail();
        appendAndTell(event(POST, "heard"));
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(2, 3)));
        assertThat(socket.resumed()).isEqualTo(1);
    }

    @Test
    void afterTheHelloACursorCounts() {
        append(event(POST, "old"), event(LIKE, "older"));
        Socket.Events events = connect(OptionalLong.of(0), true, new Filter(List.of("x.y.z"), List.of(), 0));
        update(events, "{\"wantedCollections\":[\"" + LIKE + "\"]}");
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 2)));
    }

    @Test
    void newOptionsHoldForEveryEventNotYetHandedToTheSocket() {
        Socket.Events events = connectLive();
        socket.appetite(offered -> 0);
        EventBlock first = append(event(POST, "x".repeat(50)), event(LIKE, "y"), event(POST, "z"));
        socket.appetite(offered -> 30);
        log.announce();
        await(() -> assertThat(socket.isAwaited()).isTrue());
        update(events, "{\"wantedCollections\":[\"" + LIKE + "\"]}");
        await(() -> assertThat(socket.resumed()).isEqualTo(1));
        socket.appetite(offered -> offered);
        socket.becomeWritable();
        appendAndTell(event(POST, "no"), event(LIKE, "yes"));
        await(() -> assertThat(socket.texts()).isEqualTo(List.of(all().get(0), all().get(1), all().get(4))));
    }

    @Test
    void messagesThatEndTheConnection() {
        record Case(String message, int code, String reason, End end) {}
        String tooMany = "[\"did:plc:x\",1]";
        for (Case bad : List.of(
                new Case("{", 1007, "message is not JSON", End.BAD_DATA),
                new Case("[]", 1007, "invalid message: message is not an object", End.BAD_DATA),
                new Case(
                        "{\"type\":\"options_update\",\"payload\":{\"wantedDids\":[\"" + "x".repeat(70_000) + "\"]}}",
                        1008,
                        "invalid subscriber options: wantedDids has a text of more than 65536 characters",
                        End.INVALID_OPTIONS),
                new Case("{\"type\":1}", 1007, "invalid message: type is not a string", End.BAD_DATA),
                new Case("{\"type\":\"options_update\"}", 1007, "invalid message: payload is missing", End.BAD_DATA),
                new Case(
                        "{\"type\":\"options_update\",\"payload\":{\"wantedDids\":" + tooMany + "}}",
                        1007,
                        "invalid message: wantedDids is not a list of strings",
                        End.BAD_DATA),
                new Case(
                        "{\"type\":\"options_update\",\"payload\":{\"WANTEDDIDS\":[\"nope\"]}}",
                        1008,
                        "invalid subscriber options: invalid did: nope",
                        End.INVALID_OPTIONS),
                new Case(
                        "{\"type\":\"options_update\",\"payload\":{\"wantedCollections\":[\"a.b.fo*\"]}}",
                        1008,
                        "invalid subscriber options: invalid collection: a.b.fo*",
                        End.INVALID_OPTIONS))) {
            long before = metrics.ended(bad.end());
            FakeSocket mine = new FakeSocket();
            Subscription request =
                    new Subscription(FORMS, Filter.ALL, FORMS.encoding(Format.V1, false), OptionalLong.empty(), true);
            Socket.Events events = Subscribers.connect(service, mine, request);
            mine.reportTo(events);
            events.onText(bad.message().getBytes(UTF_8));
            await(() -> assertThat(mine.isFinished()).isTrue());
            FakeSocket.Frame last = mine.frames().get(0);
            assertThat(last.closeCode()).as(bad.message()).isEqualTo(bad.code());
            assertThat(last.closeReason()).isEqualTo(bad.reason());
            events.onGone();
            await(() -> assertThat(metrics.ended(bad.end())).isEqualTo(before + 1));
        }
        await(() -> assertThat(metrics.connected()).isZero());
    }

    @Test
    void messagesThatAreIgnored() {
        Socket.Events events = connectLive();
        for (String message : List.of("{\"type\":\"hello\",\"payload\":7}", "{\"x\":[{}]}", "null")) {
            events.onText(message.getBytes(UTF_8));
        }
        await(() -> assertThat(socket.resumed()).isEqualTo(3));
        appendAndTell(event(POST, "still there"));
        await(() -> assertThat(socket.texts()).isEqualTo(all()));
    }

    @Test
    void aClientThatSendsMoreMessagesThanAllowedIsClosed() {
        service = service(0, 1);
        Socket.Events events = connectLive();
        update(events, "{}");
        update(events, "{}");
        await(() -> assertThat(socket.resumed()).isEqualTo(2));
        nanos.addAndGet(Duration.ofMillis(1_100).toNanos());
        update(events, "{}");
        await(() -> assertThat(socket.resumed()).isEqualTo(3));
        update(events, "{}");
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.POLICY_VIOLATION);
        assertThat(socket.frames().get(0).closeReason()).isEqualTo("too many messages");
    }

    @Test
    void whileAWriteIsStuckOnlyTheLatestPingIsAnswered() {
        Socket.Events events = connectLive();
        socket.appetite(offered -> 10);
        appendAndTell(event(POST, "stuck"));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        for (String payload : List.of("one", "two", "three")) {
            events.onPing(payload.getBytes(UTF_8));
        }
        socket.appetite(offered -> offered);
        await(() -> {
            socket.becomeWritable();
            assertThat(socket.frames()).hasSize(2);
        });
        assertThat(socket.texts()).isEqualTo(all());
        assertThat(socket.frames().get(1).opcode()).isEqualTo(FrameHeader.PONG);
        assertThat(socket.frames().get(1).text()).isEqualTo("three");
    }
}
