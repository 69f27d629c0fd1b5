package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.config.JetstreamConfig.DecodeConfig;
import dev.jetstream.config.JetstreamConfig.LogConfig;
import dev.jetstream.config.JetstreamConfig.ZstdConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources of settings, their precedence, and the resulting values. */
class ConfigLoaderTest extends ConfigTest {
    @Test
    void defaultsAreThoseOfTheProtocol() throws ConfigurationException {
        JetstreamConfig config = load().config();

        assertThat(config.upstream().url())
                .isEqualTo(URI.create("wss://bsky.network/xrpc/com.atproto.sync.subscribeRepos"));
        assertThat(config.upstream().overrideCursor()).isEqualTo(-1);
        assertThat(config.upstream().livenessTtl()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.upstream().backoffMin()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.upstream().backoffMax()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.upstream().maxFrameBytes()).isEqualTo(8 << 20);
        assertThat(config.decode().parallelism()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(config.sequence())
                .isEqualTo(new SequenceConfig(Duration.ofMillis(15), Duration.ofMillis(100), 1000, 512 << 10));
        assertThat(config.journal().dataDir()).isEqualTo(Path.of("./data"));
        assertThat(config.journal().eventTtl()).isEqualTo(Duration.ofHours(24));
        assertThat(config.journal().memoryBudgetBytes())
                .isEqualTo(Math.min(Runtime.getRuntime().maxMemory() / 4, 256 << 20));
        assertThat(config.subscriber())
                .isEqualTo(new SubscriberConfig(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        64 << 10,
                        10_000_000,
                        0,
                        10));
        assertThat(config.zstd()).isEqualTo(new ZstdConfig(Optional.empty(), 1));
        assertThat(config.http().listen()).isEqualTo(new InetSocketAddress(6008));
        assertThat(config.http().headTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.http().maxHeadBytes()).isGreaterThan(1 << 20);
        assertThat(config.http().defaultFormat()).isEqualTo("v1");
        assertThat(config.http().trustedProxies()).isEmpty();
        assertThat(config.http().exposeMetrics()).isFalse();
        assertThat(config.http().exposeConnections()).isFalse();
        assertThat(config.metrics().listen()).isEqualTo(new InetSocketAddress(6009));
        assertThat(config.metrics().tickInterval()).isLessThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(config.log()).isEqualTo(new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.INFO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://my_relay:2470/xrpc", "ws://user:secret@relay_1/", "wss://[::1]:2470"})
    void takesARelayByAnyHost(String url) throws Exception {
        flags.put("--ws-url", url);

        assertThat(load().config().upstream().url()).hasToString(url);
    }

    @Test
    void aFlagWinsOverTheEnvironmentWhichWinsOverTheFile() throws Exception {
        write(
                """
                jetstream.upstream { liveness-ttl = 20s, connect-timeout = 21s, backoff-min = 22s }
                jetstream.upstream.max-frame-bytes = 1 MiB
                """);
        environment.put("JETSTREAM_LIVENESS_TTL", "30s");
        environment.put("JETSTREAM_UPSTREAM_CONNECT_TIMEOUT", "31s");
        flags.put("--liveness-ttl", "40s");

        UpstreamConfig upstream = load().config().upstream();

        assertThat(upstream.livenessTtl()).isEqualTo(Duration.ofSeconds(40));
        assertThat(upstream.connectTimeout()).isEqualTo(Duration.ofSeconds(31));
        assertThat(upstream.backoffMin()).isEqualTo(Duration.ofSeconds(22));
        assertThat(upstream.maxFrameBytes()).isEqualTo(1 << 20);
        assertThat(upstream.backoffMax()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void takesEveryEnvironmentNameOfV1() throws Exception {
        Path dictionary = Files.createFile(directory.resolve("dictionary"));
        environment.putAll(Map.ofEntries(
                Map.entry("JETSTREAM_WS_URL", "ws://relay.test:1/x?a=b"),
                Map.entry("JETSTREAM_LISTEN_ADDR", "127.0.0.1:1"),
                Map.entry("JETSTREAM_METRICS_LISTEN_ADDR", "[::1]:2"),
                Map.entry("JETSTREAM_DATA_DIR", "/somewhere"),
                Map.entry("JETSTREAM_ZSTD_DICTIONARY_PATH", dictionary.toString()),
                Map.entry("JETSTREAM_EVENT_TTL", "1h30m"),
                Map.entry("JETSTREAM_MAX_SUB_RATE", "2.5"),
                Map.entry("JETSTREAM_OVERRIDE_RELAY_CURSOR", "77"),
                Map.entry("JETSTREAM_LIVENESS_TTL", "16s"),
                Map.entry("JETSTREAM_WORKER_COUNT", "3"),
                Map.entry("JETSTREAM_MAX_QUEUE_SIZE", "4")));

        ConfigLoader.Loaded loaded = load();

        assertThat(loaded.notices()).isEmpty();
        assertThatV1IsSet(loaded.config(), dictionary);
    }

    @Test
    void takesEveryFlagOfV1() throws Exception {
        Path dictionary = Files.createFile(directory.resolve("dictionary"));
        flags.putAll(Map.ofEntries(
                Map.entry("--ws-url", "ws://relay.test:1/x?a=b"),
                Map.entry("--listen-addr", "127.0.0.1:1"),
                Map.entry("--metrics-listen-addr", "[::1]:2"),
                Map.entry("--data-dir", "/somewhere"),
                Map.entry("--zstd-dictionary-path", dictionary.toString()),
                Map.entry("--event-ttl", "1h30m"),
                Map.entry("--max-sub-rate", "2.5"),
                Map.entry("--override-relay-cursor", "77"),
                Map.entry("--liveness-ttl", "16s"),
                Map.entry("--worker-count", "3"),
                Map.entry("--max-queue-size", "4")));

        assertThatV1IsSet(load().config(), dictionary);
    }

    private static void assertThatV1IsSet(JetstreamConfig config, Path dictionary) {
        assertThat(config.upstream().url()).isEqualTo(URI.create("ws://relay.test:1/x?a=b"));
        assertThat(config.http().listen()).isEqualTo(new InetSocketAddress("127.0.0.1", 1));
        assertThat(config.metrics().listen()).isEqualTo(new InetSocketAddress("::1", 2));
        assertThat(config.journal().dataDir()).isEqualTo(Path.of("/somewhere"));
        assertThat(config.zstd().dictionaryFile()).contains(dictionary);
        assertThat(config.journal().eventTtl()).isEqualTo(Duration.ofMinutes(90));
        assertThat(config.subscriber().maxEventsPerSecond()).isEqualTo(2.5);
        assertThat(config.upstream().overrideCursor()).isEqualTo(77);
        assertThat(config.upstream().livenessTtl()).isEqualTo(Duration.ofSeconds(16));
        assertThat(config.decode()).isEqualTo(new DecodeConfig(3, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void anEmptyValueIsUnset(String empty) throws Exception {
        write("jetstream.upstream.liveness-ttl = 20s");
        environment.put("JETSTREAM_LIVENESS_TTL", empty);
        environment.put("JETSTREAM_NO_SUCH_NAME", empty);
        flags.put("--event-ttl", empty);

        ConfigLoader.Loaded loaded = load();

        assertThat(loaded.config().upstream().livenessTtl()).isEqualTo(Duration.ofSeconds(20));
        assertThat(loaded.config().journal().eventTtl()).isEqualTo(Duration.ofHours(24));
        assertThat(loaded.notices()).isEmpty();
    }

    @Test
    void warnsOnceOfEachUnknownEnvironmentNameAndNamesTheNearest() throws Exception {
        environment.put("JETSTREAM_LISTEN_ADRR", ":1");
        environment.put("JETSTREAM_SOMETHING_ENTIRELY_DIFFERENT_FROM_ALL_OTHERS", "1");
        environment.put("UNRELATED", "1");

        assertThat(load().notices())
                .containsExactly(
                        "unknown environment variable JETSTREAM_LISTEN_ADRR is ignored; did you mean JETSTREAM_LISTEN_ADDR?",
                        "unknown environment variable JETSTREAM_SOMETHING_ENTIRELY_DIFFERENT_FROM_ALL_OTHERS is ignored; "
                                + "reference.conf lists all names");
    }

    @Test
    void ignoresWhatKubernetesAndComposeSet() throws Exception {
        environment.putAll(Map.of(
                "JETSTREAM_PORT", "tcp://10.0.0.1:6008",
                "JETSTREAM_PORT_6008_TCP", "tcp://10.0.0.1:6008",
                "JETSTREAM_PORT_6008_TCP_ADDR", "10.0.0.1",
                "JETSTREAM_PORT_6008_TCP_PORT", "6008",
                "JETSTREAM_PORT_6008_TCP_PROTO", "tcp",
                "JETSTREAM_SERVICE_HOST", "10.0.0.1",
                "JETSTREAM_SERVICE_PORT", "6008",
                "JETSTREAM_SERVICE_PORT_METRICS", "6009",
                "JETSTREAM_METRICS_SERVICE_HOST", "10.0.0.1",
                "JETSTREAM_VERSION", "sha-1"));

        assertThat(load().notices()).isEmpty();
    }

    @Test
    void looksForTheFileInTheWorkingDirectoryThenBesideTheJar() throws Exception {
        Path program = Files.createDirectories(directory.resolve("program"));
        Path here = Files.createDirectories(directory.resolve("here"));
        assertThat(find(here, program).source()).startsWith("none (no --config, no ");

        Path beside = writeConf(program, "jetstream.zstd.level = 2");
        assertThat(find(here, program).source()).isEqualTo(beside + " (beside the jar)");
        assertThat(find(here, program).config().zstd().level()).isEqualTo(2);

        Path working = writeConf(here, "jetstream.zstd.level = 3");
        assertThat(find(here, program).source()).isEqualTo(working + " (in the working directory)");
        assertThat(find(here, program).config().zstd().level()).isEqualTo(3);

        write("jetstream.zstd.level = 4");
        assertThat(load().source()).isEqualTo(file + " (from --config)");
        assertThat(load().config().zstd().level()).isEqualTo(4);
    }

    private static ConfigLoader.Loaded find(Path here, Path program) throws ConfigurationException {
        return ConfigLoader.load(new Inputs(Optional.empty(), Map.of(), Map.of(), here, Optional.of(program)));
    }

    private static Path writeConf(Path parent, String content) throws IOException {
        Path conf = Files.createDirectories(parent.resolve("conf"));
        return Files.writeString(conf.resolve("application.conf"), content);
    }

    @Test
    void readsAListFromTheFileAndFromTheEnvironment() throws Exception {
        List<Cidr> expected = List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1"));
        write("jetstream.http.trusted-proxies = [\"10.0.0.0/8\", \"::1\"]");
        assertThat(load().config().http().trustedProxies()).isEqualTo(expected);

        file = null;
        environment.put("JETSTREAM_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, ::1");
        assertThat(load().config().http().trustedProxies()).isEqualTo(expected);

        environment.put("JETSTREAM_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, localhost");
        assertThat(refusal()).contains("must be IP addresses or blocks of them");
    }

    @Test
    void readsWhatToKeepAndRefusesWhatIsNoCollectionOrDid() throws Exception {
        assertThat(load().config().upstream().collections()).isEmpty();
        assertThat(load().config().upstream().dids()).isEmpty();
        write(
                "jetstream.upstream { collections = [\"app.bsky.feed.post\", \"app.bsky.graph.*\"], dids = [\"did:plc:abc\"] }");
        assertThat(load().config().upstream().collections()).containsExactly("app.bsky.feed.post", "app.bsky.graph.*");
        assertThat(load().config().upstream().dids()).containsExactly("did:plc:abc");

        environment.put("JETSTREAM_UPSTREAM_COLLECTIONS", "app.bsky.feed.like, chat.*");
        environment.put("JETSTREAM_UPSTREAM_DIDS", "did:web:a.example,did:plc:b");
        assertThat(load().config().upstream().collections()).containsExactly("app.bsky.feed.like", "chat.*");
        assertThat(load().config().upstream().dids()).containsExactly("did:web:a.example", "did:plc:b");

        environment.put("JETSTREAM_UPSTREAM_COLLECTIONS", "app.bsky.feed.like,app.bsky.graph.fo*,likes");
        environment.put("JETSTREAM_UPSTREAM_DIDS", "alice.example");
        assertThat(refusal())
                .contains("jetstream.upstream.collections")
                .contains("JETSTREAM_UPSTREAM_COLLECTIONS")
                .contains("\"app.bsky.graph.fo*\" is not an NSID or a prefix such as app.bsky.*")
                .contains("\"likes\" is not an NSID")
                .contains("jetstream.upstream.dids")
                .contains("\"alice.example\" is not a DID");

        environment.put("JETSTREAM_UPSTREAM_COLLECTIONS", "a.b.c,".repeat(101));
        environment.remove("JETSTREAM_UPSTREAM_DIDS");
        assertThat(refusal()).contains("must have at most 100 items");
    }

    @Test
    void systemPropertiesWinOverTheEnvironmentAndReachPekko() throws Exception {
        write("pekko.loglevel = DEBUG\njetstream.zstd.level = 2");
        properties.put("config.file", file.toString());
        file = null;
        environment.put("JETSTREAM_ZSTD_LEVEL", "3");
        properties.put("jetstream.zstd.level", "4");
        properties.put("pekko.loglevel", "ERROR");
        properties.put("jetstream.no.such", "1");
        properties.put("config.resource", "x");

        ConfigLoader.Loaded loaded = load();

        assertThat(loaded.source()).endsWith(" (from -Dconfig.file)");
        assertThat(loaded.config().zstd().level()).isEqualTo(4);
        assertThat(loaded.actorSystemConfig().getString("pekko.loglevel")).isEqualTo("ERROR");
        assertThat(loaded.notices())
                .containsExactly(
                        "unknown system property config.resource is ignored",
                        "unknown system property jetstream.no.such is ignored");
        flags.put("jetstream.zstd.level", "5");
        assertThat(load().config().zstd().level()).isEqualTo(5);
    }

    @Test
    void takesTheQueueSizeOfV1WithOneWarning() throws Exception {
        environment.put("JETSTREAM_MAX_QUEUE_SIZE", "100000");

        ConfigLoader.Loaded loaded = load();

        assertThat(loaded.config().decode().maxQueueSize()).isEqualTo(100_000);
        assertThat(loaded.notices())
                .singleElement()
                .asString()
                .startsWith(
                        "jetstream.decode.max-queue-size = 100000 counts batches of frames, not events as in Jetstream v1");
    }

    @Test
    void anInternalSettingMayHaveItsOldName() throws Exception {
        write("jetstream { http.backlog = 7, internal.http.idle-timeout = 8s, sequence { max-bytes = 128KiB } }");
        environment.put("JETSTREAM_HTTP_HEAD_TIMEOUT", "9s");
        properties.put("jetstream.subscriber.close-timeout", "2s");
        properties.put("jetstream.internal.sequence.max-events", "10");

        ConfigLoader.Loaded loaded = load();

        assertThat(loaded.config().http().backlog()).isEqualTo(7);
        assertThat(loaded.config().http().idleTimeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(loaded.config().http().headTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(loaded.config().sequence().maxBytes()).isEqualTo(128 << 10);
        assertThat(loaded.config().subscriber().closeTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(loaded.config().sequence().maxEvents()).isEqualTo(10);
        assertThat(loaded.notices())
                .containsExactly(
                        "jetstream.http.backlog (" + file + ":1) is an internal setting: rename it to"
                                + " jetstream.internal.http.backlog, or remove it",
                        "jetstream.sequence.max-bytes (" + file + ":1) is an internal setting: rename it to"
                                + " jetstream.internal.sequence.max-bytes, or remove it");
    }

    @Test
    void guessesOnlyNamesThatAreNear() throws Exception {
        environment.put("JETSTREAM_FOO", "1");
        assertThat(load().notices())
                .containsExactly(
                        "unknown environment variable JETSTREAM_FOO is ignored; reference.conf lists all names");
    }

    @Test
    void theActorSystemGetsTheFilesPekkoOverOursOverTheLibraries() throws Exception {
        write("pekko.loglevel = DEBUG\njetstream.zstd.level = 2");

        var actorSystem = load().actorSystemConfig();

        assertThat(actorSystem.getString("pekko.loglevel")).isEqualTo("DEBUG");
        assertThat(actorSystem.getBoolean("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook"))
                .isFalse();
        assertThat(actorSystem.getString("pekko.http.server.linger-timeout")).isEqualTo("1 min");
        assertThat(actorSystem.hasPath("jetstream")).isFalse();
    }
}
