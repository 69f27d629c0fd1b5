package dev.jetstream.cli;

import static dev.jetstream.client.Lines.create;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.client.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(180)
class TailCommandIT {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int tail(OutputStream to, String... args) {
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new CommandLine(new TailCommand(to, errors))
                .setParameterExceptionHandler(Main::onWrongArguments)
                .setExecutionExceptionHandler(Main::onException)
                .setErr(new PrintWriter(errors, true))
                .execute(args);
    }

    @Test
    void printsTheServersLinesAcrossAReconnectUpToTheLimit() {
        ScriptedServer.Script first = peer -> {
            peer.upgrade().text(create(1), create(2)).close(1001, "restart");
            peer.drain();
        };
        ScriptedServer.Script second = peer -> {
            peer.upgrade().text(create(2), create(3).replace(",", ",\n"), create(4), create(5));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(first, second)) {
            int code = tail(out, server.url(), "--collection", "app.bsky.*", "--did", "did:plc:a", "--limit", "4");
            assertThat(code).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8).lines())
                    .containsExactly(create(1), create(2), create(3).replace(",", ", "), create(4));
            assertThat(server.requests())
                    .containsExactly(
                            "/subscribe?wantedCollections=app.bsky.*&wantedDids=did:plc:a",
                            "/subscribe?wantedCollections=app.bsky.*&wantedDids=did:plc:a&cursor=2");
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("connected to " + server.url())
                    .contains("closed by the server with 1001 restart; retrying in");
        }
    }

    @Test
    void aLineThatComesAloneIsWrittenAtOnce() {
        // The server sends the next line only when the one before has reached the output.
        ByteArrayOutputStream watched = new ByteArrayOutputStream();
        ScriptedServer.Script script = peer -> {
            peer.upgrade();
            for (int i = 1; i <= 3; i++) {
                peer.text(create(i));
                while (watched.size() < i * (create(1).getBytes(StandardCharsets.UTF_8).length + 1)) {
                    Thread.onSpinWait();
                }
            }
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script)) {
            assertThat(tail(watched, server.url(), "--limit", "3")).isZero();
        }
    }

    @Test
    void aReaderThatLeavesEndsItQuietly() {
        OutputStream closedPipe = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ScriptedServer.Script script = peer -> {
            peer.upgrade().text(create(1));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script)) {
            assertThat(tail(closedPipe, server.url())).isZero();
            assertThat(err.toString(StandardCharsets.UTF_8).lines()).containsExactly("connected to " + server.url());
        }
    }

    @Test
    void aRefusedOptionEndsItWithTheServersText() {
        String text = "invalid subscriber options: invalid collection: nope";
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.http("400 Bad Request", text + "\n"))) {
            assertThat(tail(out, server.url(), "--collection", "nope")).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8).lines()).containsExactly(text);
        }
    }

    @Test
    void withoutReconnectAnUnreachableServerIsAFailure() {
        String url;
        try (ScriptedServer server = new ScriptedServer(peer -> {})) {
            url = server.url();
        }
        assertThat(tail(out, url, "--no-reconnect")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("no connection to " + url + ": connection refused");
    }

    @Test
    void theParametersOfAPastedUrlAreKeptApartFromThoseOfAReconnect() {
        ScriptedServer.Script first = peer -> {
            peer.upgrade().text(create(50)).close(1001, "");
            peer.drain();
        };
        ScriptedServer.Script second = peer -> {
            peer.upgrade().text(create(51));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(first, second)) {
            assertThat(tail(out, server.url() + "?wantedCollections=a.b.c&cursor=7&x=y", "--limit", "2"))
                    .isZero();
            assertThat(server.requests())
                    .containsExactly(
                            "/subscribe?x=y&wantedCollections=a.b.c&cursor=7",
                            "/subscribe?x=y&wantedCollections=a.b.c&cursor=50");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--limit 0 | --limit must be 1 or more, not 0",
                "--cursor yesterday | not a cursor: yesterday: use unix microseconds",
                "--format v3 | format must be v0 or v1, not v3",
                "--max-size -1 | maxMessageSizeBytes must be 0 (no limit) to 4294967295, not -1",
                "--dictionary /no/such/file | --dictionary: cannot read /no/such/file",
                "--dictionary pom.xml | not a zstd dictionary",
                "ftp://localhost:6008 | not a server URL: ftp://localhost:6008: it must start with ws://",
                "ws:///subscribe | not a server URL",
                "--limit x | Invalid value for option '--limit'",
            })
    void aWrongArgumentIsOneSentenceAndExitCodeTwo(String args, String sentence) {
        assertThat(tail(out, args.split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("jetstream: " + sentence);
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
        assertThat(out.size()).isZero();
    }
}
