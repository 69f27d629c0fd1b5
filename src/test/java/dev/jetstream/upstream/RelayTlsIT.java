package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.upstream.UpstreamMetrics.End;
import java.io.File;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code wss://} over real TLS, with certificates made for the test. */
class RelayTlsIT {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static ActorSystem system;
    /** A server for {@code localhost}, and a client that trusts it. */
    private static SSLContext local;

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        system = ActorSystem.create("relay-tls");
        local = selfSigned(dir.resolve("local.p12"), "dns:localhost");
    }

    @AfterAll
    static void stop() {
        system.terminate();
    }

    /** A key with a certificate of its own making, which the client trusts as it is. */
    private static SSLContext selfSigned(Path file, String names) throws Exception {
        makeKey(file, "key", "san=" + names);
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
        return context(keys, keys.getCertificate("key"));
    }

    private static SSLContext context(KeyStore keys, Certificate trustedOne) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("test", trustedOne);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void makeKey(Path file, String alias, String extension) throws Exception {
        keytool(
                file,
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + alias,
                "-ext",
                extension,
                "-validity",
                "30",
                "-storetype",
                "PKCS12");
    }

    private static void keytool(Path file, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "keytool");
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", file.toString(), "-storepass", "changeit"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static ScriptedRelay relay(SSLContext context, ScriptedRelay.Script... scripts) throws Exception {
        return new ScriptedRelay(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()), scripts);
    }

    private static RelayProbe probe(ScriptedRelay relay, String host, SSLContext trust) {
        return new RelayProbe(
                        system,
                        RelayProbe.config(URI.create("wss://" + host + ":" + relay.port() + "/xrpc?a=b")),
                        trust)
                .start();
    }

    @Test
    void frames_come_over_tls() throws Exception {
        try (ScriptedRelay relay = relay(local, peer -> {
                    peer.upgrade();
                    for (int i = 0; i < 2_000; i++) {
                        peer.message(Frames.commit(i, i * 13));
                    }
                    peer.send(dev.jetstream.websocket.FrameHeader.frame(0x9, new byte[] {4}));
                    assertThat(peer.clientFrame()).containsExactly(0xA, 4);
                    peer.message(Frames.commit(1, 900_000));
                    peer.holdOpen();
                });
                RelayProbe probe = probe(relay, "localhost", local)) {
            for (int i = 0; i < 2_000; i++) {
                assertThat(probe.frame()).isEqualTo(Frames.commit(i, i * 13));
            }
            assertThat(probe.frame()).isEqualTo(Frames.commit(1, 900_000));
            assertThat(relay.peers.get(0).header("Host")).isEqualTo("localhost:" + relay.port());
            assertThat(probe.lastConnection.relay()).startsWith("wss://");
        }
    }

    @Test
    void a_tls_relay_that_goes_is_followed_by_the_next_connection() throws Exception {
        try (ScriptedRelay relay = relay(
                        local,
                        peer -> {
                            peer.upgrade();
                            peer.message(Frames.commit(1));
                        },
                        peer -> {
                            peer.upgrade();
                            peer.message(Frames.commit(2));
                            peer.holdOpen();
                        });
                RelayProbe probe = probe(relay, "localhost", local)) {
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
            assertThat(probe.frame()).isEqualTo(Frames.commit(2));
            assertThat(probe.ends(End.DROPPED)).isEqualTo(1);
        }
    }

    @Test
    void stop_ends_a_tls_connection_at_once() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedRelay relay = relay(local, peer -> {
                    peer.upgrade();
                    peer.message(Frames.commit(1));
                    try {
                        peer.holdOpen();
                    } finally {
                        gone.countDown();
                    }
                });
                RelayProbe probe = probe(relay, "localhost", local)) {
            probe.frame();
            probe.control.stop();
            ScriptedRelay.await(gone);
            probe.awaitEnd(End.STOPPED);
        }
    }

    @Test
    void an_untrusted_certificate_is_refused_and_said_so() throws Exception {
        try (ScriptedRelay relay = relay(local, ScriptedRelay.Peer::upgrade);
                RelayProbe probe = probe(relay, "localhost", SSLContext.getDefault())) {
            probe.awaitEnd(End.TLS);
            assertThat(probe.session.state().lastError()).contains("localhost").contains("not trusted");
            assertThat(probe.session.state().connects()).isZero();
        }
    }

    @Test
    void a_certificate_for_another_name_is_refused_and_said_so() throws Exception {
        try (ScriptedRelay relay = relay(local, ScriptedRelay.Peer::upgrade);
                RelayProbe probe = probe(relay, "127.0.0.1", local)) {
            probe.awaitEnd(End.TLS);
            assertThat(probe.session.state().lastError()).contains("does not fit the host 127.0.0.1");
            assertThat(probe.session.state().connects()).isZero();
        }
    }

    @Test
    void a_plain_server_behind_wss_is_a_tls_failure() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(peer -> peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"));
                RelayProbe probe = probe(relay, "127.0.0.1", local)) {
            probe.awaitEnd(End.TLS);
        }
    }
}
