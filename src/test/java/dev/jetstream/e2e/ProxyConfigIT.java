package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jetstream.relay.SyntheticOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proxy configurations of docs/operations.md, run by the real programs in front of a server. */
@Timeout(300)
class ProxyConfigIT {
    private static final Path DOCUMENT = Path.of("docs/operations.md");
    private static final int EVENTS = 20;
    private static final int MAX_DIDS = 10_000;

    /** Modules that Debian's Apache loads from files of its own. */
    private static final String APACHE_BASE =
            """
            ServerRoot /usr/lib/apache2
            ServerName localhost
            LoadModule mpm_event_module modules/mod_mpm_event.so
            LoadModule authz_core_module modules/mod_authz_core.so
            LoadModule proxy_module modules/mod_proxy.so
            LoadModule proxy_http_module modules/mod_proxy_http.so
            Listen 127.0.0.1:PORT
            PidFile DIRECTORY/apache.pid
            ErrorLog DIRECTORY/apache-errors.log
            """;

    private static final String NGINX_BASE =
            """
            daemon off;
            pid DIRECTORY/nginx.pid;
            error_log stderr;
            events {}
            http {
              access_log off;
              client_body_temp_path DIRECTORY/body;
              proxy_temp_path DIRECTORY/proxy;
              fastcgi_temp_path DIRECTORY/fastcgi;
              uwsgi_temp_path DIRECTORY/uwsgi;
              scgi_temp_path DIRECTORY/scgi;
            CONFIGURATION
            }
            """;

    @TempDir
    static Path directory;

    private static Upstream upstream;
    private static TestServer server;
    private static List<Long> times;
    private static String did;

    private int port;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start(SyntheticOptions.defaults().withRate(0).withLimit(EVENTS), sent -> {});
        server = TestServer.start(directory.resolve("data"), upstream.relay().uri());
        times = Replayed.times(server.address(), "", 1, EVENTS);
        String[] first = new String[1];
        new EventSource().read(server.address(), "?cursor=1", data -> {
            first[0] = data;
            return false;
        });
        did = new ObjectMapper().readTree(first[0]).get("did").asText();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    @Test
    void nginx() throws Exception {
        String own = documented("nginx").replace("listen 80;", "listen 127.0.0.1:PORT;");
        Path file = write("nginx.conf", NGINX_BASE.replace("CONFIGURATION", own));
        check("nginx", List.of("nginx", "-e", "stderr", "-p", directory.toString(), "-c", file.toString()));
    }

    @Test
    void haproxy() throws Exception {
        Path file = write("haproxy.cfg", documented("haproxy").replace("bind :80", "bind 127.0.0.1:PORT"));
        check("haproxy", List.of("haproxy", "-db", "-f", file.toString()));
    }

    @Test
    void caddy() throws Exception {
        String own = documented("caddy").replace("events.example", "http://:PORT");
        Path file = write("Caddyfile", "{\n  admin off\n}\n" + own);
        check("caddy", List.of("caddy", "run", "--config", file.toString(), "--adapter", "caddyfile"));
    }

    @Test
    void apache() throws Exception {
        Path file = write("apache.conf", APACHE_BASE + documented("apache").replace("*:80>", "*:PORT>"));
        check("apache2", List.of("apache2", "-DFOREGROUND", "-f", file.toString()));
    }

    /** The document's only block of a language, with the address of the test's server. */
    private static String documented(String language) throws IOException {
        Matcher block = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(Files.readString(DOCUMENT));
        assertThat(block.find()).as("a block of " + language).isTrue();
        assertThat(block.group(1)).contains("127.0.0.1:6008");
        return block.group(1)
                .replace("127.0.0.1:6008", "127.0.0.1:" + server.address().getPort());
    }

    private Path write(String name, String configuration) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String text = configuration.replace("PORT", String.valueOf(port)).replace("DIRECTORY", directory.toString());
        return Files.writeString(directory.resolve(name), text);
    }

    /** Runs a proxy, and reads the same events through it by every transport, with the longest query as well. */
    private void check(String program, List<String> command) throws Exception {
        assumeTrue(isInstalled(program), "needs " + program);
        Path log = directory.resolve(program + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("HOME", directory.toString());
        Process proxy = builder.start();
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            Await.until(() -> !proxy.isAlive() || accepts(address), () -> program + " to listen");
            assertThat(proxy.isAlive()).as(() -> said(log)).isTrue();
            assertThat(Replayed.times(address, "", 1, EVENTS)).isEqualTo(times);
            assertThat(Replayed.times(address, longestQuery(), 1, 1)).containsExactly(times.get(0));
            assertThat(streamed(address, "")).isEqualTo(times);
            assertThat(streamed(address, "&" + longestQuery()).get(0)).isEqualTo(times.get(0));
        } finally {
            proxy.destroy();
            proxy.waitFor();
        }
    }

    private static boolean isInstalled(String program) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + program)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String said(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** As many DIDs as the server takes, percent-encoded, one of them with events. */
    private static String longestQuery() {
        return IntStream.range(0, MAX_DIDS)
                .mapToObj(i -> i == 0 ? did : "did:plc:" + letters(i))
                .map(each -> "wantedDids=" + each.replace(":", "%3A"))
                .collect(Collectors.joining("&"));
    }

    private static String letters(int i) {
        StringBuilder letters = new StringBuilder();
        for (char digit : "%024d".formatted(i).toCharArray()) {
            letters.append((char) ('a' + digit - '0'));
        }
        return letters.toString();
    }

    /** The times of server-sent events: all of the server's, or the first one where the query narrows them. */
    private static List<Long> streamed(InetSocketAddress address, String query) throws Exception {
        List<Long> received = new ArrayList<>();
        new EventSource().read(address, "?cursor=1" + query, data -> {
            received.add(timeOf(data));
            return query.isEmpty() && received.size() < EVENTS;
        });
        return received;
    }

    private static long timeOf(String event) {
        try {
            return new ObjectMapper().readTree(event).get("time_us").asLong();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
