package dev.jetstream.e2e;

import dev.jetstream.http.WireClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the clients of a {@link BadCrowd} have in common. */
final class BadClients {
    /** Bytes that the kernel takes for a client that reads slowly or not at all. */
    static final int SMALL_BUFFER = 4096;

    /** Of a client that does not care what it gets. */
    static final EventClient.Sink IGNORED = (opcode, bytes, from, to) -> {};

    private BadClients() {}

    static List<WireClient> connections(InetSocketAddress server, int count) throws IOException {
        List<WireClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new WireClient(server, SMALL_BUFFER));
        }
        return clients;
    }

    static List<WireClient> subscribers(InetSocketAddress server, int count) throws IOException {
        List<WireClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new WireClient(server, SMALL_BUFFER).subscribe("/subscribe?cursor=0"));
        }
        return clients;
    }

    /** Waits until a replay has more than these bytes. */
    static void awaitReplayOf(InetSocketAddress server, long least) throws IOException {
        AtomicLong bytes = new AtomicLong();
        EventClient.Sink sum = (opcode, all, from, to) -> bytes.addAndGet(to - from);
        try (EventClient client = EventClient.open(server, "/subscribe?cursor=0", sum)) {
            Await.until(() -> bytes.get() > least || client.isEnded(), () -> bytes + " bytes");
        }
    }

    /** Does nothing with them until told to stop. */
    static void hold(List<WireClient> clients, BooleanSupplier goOn) throws IOException {
        while (goOn.getAsBoolean()) {
            pause(10);
        }
        close(clients);
    }

    static void close(List<WireClient> clients) throws IOException {
        for (WireClient client : clients) {
            client.close();
        }
    }

    interface Body {
        void run() throws IOException;
    }

    /** Does it side by side, again and again; the server may end the connections. */
    static void side(int threads, BooleanSupplier goOn, Body body) {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(
                    () -> {
                        while (goOn.getAsBoolean()) {
                            try {
                                body.run();
                            } catch (IOException | AssertionError e) {
                                pause(1);
                            }
                        }
                    },
                    "bad-client");
            thread.setDaemon(true);
            thread.start();
            all.add(thread);
        }
        try {
            for (Thread thread : all) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The frame as often as it goes into one write. */
    static byte[] many(byte[] frame) {
        byte[] many = new byte[65_536 / frame.length * frame.length];
        for (int at = 0; at < many.length; at += frame.length) {
            System.arraycopy(frame, 0, many, at, frame.length);
        }
        return many;
    }

    static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Subscribers side by side that send these frames until they are ended, and come again. */
    static void sendOnAndOn(InetSocketAddress server, String query, int threads, byte[] frames, BooleanSupplier goOn) {
        side(threads, goOn, () -> {
            try (EventClient client = EventClient.open(server, "/subscribe" + query, IGNORED)) {
                while (goOn.getAsBoolean() && !client.isEnded()) {
                    client.send(frames);
                }
            }
        });
    }
}
