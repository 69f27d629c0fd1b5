package dev.jetstream.e2e;

import static dev.jetstream.e2e.BadClients.IGNORED;
import static dev.jetstream.e2e.BadClients.SMALL_BUFFER;
import static dev.jetstream.e2e.BadClients.awaitReplayOf;
import static dev.jetstream.e2e.BadClients.close;
import static dev.jetstream.e2e.BadClients.connections;
import static dev.jetstream.e2e.BadClients.hold;
import static dev.jetstream.e2e.BadClients.many;
import static dev.jetstream.e2e.BadClients.pause;
import static dev.jetstream.e2e.BadClients.sendOnAndOn;
import static dev.jetstream.e2e.BadClients.side;
import static dev.jetstream.e2e.BadClients.subscribers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.http.WireClient;
import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Clients that a public server has: what they do, and the counter that says that the server dealt with them. */
enum BadCrowd {
    /** Read nothing at all. */
    STALLED(closed("too_slow"), 3, 20) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            hold(subscribers(server, count), goOn);
        }
    },
    /** Come and go, as fast as they can. */
    COME_AND_GO("jetstream_http_upgrades_total", 400, 30_000) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            side(4, goOn, () -> close(subscribers(server, 1)));
        }
    },
    /** Each message as large as is allowed. */
    HUGE_MESSAGES("jetstream_subscriber_options_updates_total", 12, 240) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            byte[] start = "{\"type\":\"options_update\",\"payload\":{}".getBytes(StandardCharsets.US_ASCII);
            byte[] payload = " ".repeat(10_000_000).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(start, 0, payload, 0, start.length);
            payload[payload.length - 1] = '}';
            sendOnAndOn(server, "?wantedDids=did:plc:nobody", 24, WireClient.frame(FrameHeader.TEXT, payload), goOn);
        }
    },
    /** Each message as large as is allowed, and of texts so short that each costs many times its size. */
    MESSAGES_OF_SHORT_TEXTS(closed("invalid_options"), 8, 200) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            StringBuilder text = new StringBuilder("{\"type\":\"options_update\",\"payload\":{\"wantedDids\":[\"a\"");
            while (text.length() < 9_999_000) {
                text.append(",\"").append(text.length() % 10).append('"');
            }
            byte[] message =
                    WireClient.frame(FrameHeader.TEXT, text.append("]}}").toString());
            side(24, goOn, () -> {
                try (EventClient client = EventClient.open(server, "/subscribe?wantedDids=did:plc:nobody", IGNORED)) {
                    client.send(message);
                    client.awaitEnd();
                }
            });
        }
    },
    /** Each wants what no other wants, and as much of it as is allowed. */
    LARGE_FILTERS(closed("busy"), 8, 200) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) {
            List<EventClient> clients = new ArrayList<>();
            for (int i = 0; i < count + 4 && goOn.getAsBoolean(); i++) {
                try {
                    EventClient client = EventClient.open(server, "/subscribe?wantedDids=did:plc:nobody", IGNORED);
                    clients.add(client);
                    client.send(WireClient.frame(FrameHeader.TEXT, largest(i)));
                } catch (IOException e) {
                    // It was closed meanwhile.
                }
            }
            while (goOn.getAsBoolean()) {
                pause(10);
            }
            for (EventClient client : clients) {
                try {
                    client.close();
                } catch (IOException e) {
                    // The server was first.
                }
            }
        }

        private String largest(int client) {
            String start = "\"did:web:" + "x".repeat(965) + client + ".";
            StringBuilder text = new StringBuilder("{\"type\":\"options_update\",\"payload\":{\"wantedDids\":[");
            for (int i = 0; i < 10_000; i++) {
                text.append(start).append(i).append(i < 9_999 ? "\"," : "\"]}}");
            }
            return text.toString();
        }
    },
    /** Larger than is allowed. */
    TOO_LARGE_MESSAGES(closed("too_big"), 5, 200) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            byte[] message = WireClient.frame(FrameHeader.TEXT, new byte[10_000_001]);
            while (goOn.getAsBoolean()) {
                try (EventClient client = EventClient.open(server, "/subscribe?wantedDids=did:plc:nobody", IGNORED)) {
                    client.send(message);
                    client.awaitEnd();
                } catch (IOException e) {
                    // It is closed before all of it was sent.
                }
            }
        }
    },
    /** Change their mind without end: more often than they may. */
    FLOOD_OF_UPDATES(closed("too_many_updates"), 5, 50) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            String update = TestFilter.collections("a.b.c.*").optionsUpdate();
            sendOnAndOn(server, "", 2, many(WireClient.frame(FrameHeader.TEXT, update)), goOn);
        }
    },
    /** Ping without end, and read no answer. */
    FLOOD_OF_PINGS(closed("too_slow"), 2, 10) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            byte[] many = many(WireClient.frame(FrameHeader.PING, "x".repeat(125)));
            side(2, goOn, () -> {
                try (WireClient client = new WireClient(server, SMALL_BUFFER).subscribe("/subscribe?cursor=0")) {
                    while (goOn.getAsBoolean()) {
                        client.send(many);
                    }
                }
            });
        }
    },
    /** A frame a byte at a time. */
    TRICKLED_FRAMES("jetstream_subscriber_options_updates_total", 20, 400) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            byte[] frame = WireClient.frame(FrameHeader.TEXT, TestFilter.ALL.optionsUpdate());
            side(2, goOn, () -> {
                try (EventClient client = EventClient.open(server, "/subscribe?wantedDids=did:plc:nobody", IGNORED)) {
                    while (goOn.getAsBoolean()) {
                        for (byte b : frame) {
                            client.send(new byte[] {b});
                        }
                        pause(5);
                    }
                }
            });
        }
    },
    /** Begin a request, and send a byte of it now and then. */
    SLOWLORIS("jetstream_http_refusals_total{reason=\"slow_head\"}", 100, 2_000) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            List<WireClient> clients = connections(server, count);
            while (goOn.getAsBoolean()) {
                for (WireClient client : clients) {
                    try {
                        client.send("G");
                    } catch (IOException e) {
                        // It was ended.
                    }
                }
                pause(50);
            }
            close(clients);
        }
    },
    /** Connect, and say nothing. */
    IDLE_SOCKETS(null, 500, 5_000) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            for (WireClient client : connections(server, count)) {
                try (client) {
                    assertThat(client.isEnded()).isTrue();
                }
            }
        }
    },
    /** Read 1 kB a second. */
    SLOW_READERS("jetstream_subscriber_replays_total", 10, 100) {
        @Override
        void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException {
            awaitReplayOf(server, MORE_THAN_A_SOCKET_HOLDS);
            List<WireClient> clients = subscribers(server, count);
            byte[] sip = new byte[100];
            long begun = System.nanoTime();
            while (goOn.getAsBoolean() || System.nanoTime() - begun < LONGER_THAN_A_STALL_NANOS) {
                for (WireClient client : clients) {
                    InputStream in = client.socket.getInputStream();
                    if (in.available() > 0 && in.read(sip) < 0) {
                        throw new IOException("ended in order, without a close frame");
                    }
                }
                pause(100);
            }
            close(clients);
        }
    };

    private static final long MORE_THAN_A_SOCKET_HOLDS = 10_000_000;
    private static final long LONGER_THAN_A_STALL_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final String counter;
    private final int few;
    private final int many;

    BadCrowd(String counter, int few, int many) {
        this.counter = counter;
        this.few = few;
        this.many = many;
    }

    /** Does it until told to stop; an exception that the server's closing brings is of no matter. */
    abstract void act(InetSocketAddress server, int count, BooleanSupplier goOn) throws IOException;

    private static String closed(String reason) {
        return "jetstream_subscriber_closes_total{reason=\"" + reason + "\"}";
    }

    /** What must be counted as often as there are of them; null: their connections end, and that is all. */
    String counter() {
        return counter;
    }

    int count(boolean isLong) {
        return isLong ? many : few;
    }
}
