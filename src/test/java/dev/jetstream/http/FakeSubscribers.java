package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.Patience;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Subscribers that note what happens on their sockets, and write what the test tells them to. */
final class FakeSubscribers implements BiFunction<Socket, Subscription, Socket.Events> {
    private final BlockingQueue<Subscriber> arrived = new LinkedBlockingQueue<>();
    private final Queue<Subscriber> all = new ConcurrentLinkedQueue<>();

    @Override
    public Socket.Events apply(Socket socket, Subscription request) {
        Subscriber subscriber = new Subscriber(socket, request);
        all.add(subscriber);
        arrived.add(subscriber);
        return subscriber;
    }

    /** The next one to arrive. */
    Subscriber next() throws InterruptedException {
        Subscriber subscriber = arrived.poll(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(subscriber).as("a subscriber arrives").isNotNull();
        return subscriber;
    }

    /** Drops all of them. */
    void abortAll() {
        all.forEach(subscriber -> subscriber.socket.abort());
    }

    boolean isEmpty() {
        return arrived.isEmpty();
    }

    /** One of them; every event is a line of text. */
    static final class Subscriber implements Socket.Events {
        final Socket socket;
        final Subscription request;
        volatile boolean ignoresPings;
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        Subscriber(Socket socket, Subscription request) {
            this.socket = socket;
            this.request = request;
        }

        /** The next event, whatever it is. */
        String event() throws InterruptedException {
            String event = events.poll(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(event).as("an event comes").isNotNull();
            return event;
        }

        /** Whether nothing more has happened. */
        boolean isQuiet() {
            return events.isEmpty();
        }

        @Override
        public void onWritable() {
            events.add("writable");
        }

        @Override
        public void onText(byte[] utf8) {
            events.add("text " + new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void onPing(byte[] payload) {
            if (ignoresPings) {
                return;
            }
            events.add("ping " + new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void onClose(int code) {
            events.add("close " + code);
        }

        @Override
        public void onFault(int code, String reason) {
            events.add("fault " + code + " " + reason);
        }

        @Override
        public void onGone() {
            events.add("gone");
        }
    }
}
