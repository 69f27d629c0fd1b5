package dev.jetstream.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jetstream.fuzz.FuzzTarget;
import java.util.List;
import java.util.Map;

/** A value that the environment gives a setting, behind {@code NAME=}. It is taken, or refused in words that name the setting. */
public final class SettingFuzz implements FuzzTarget {
    @Override
    public String take(byte[] input) {
        String text = new String(input, UTF_8);
        int equals = text.indexOf('=');
        if (equals < 1 || text.indexOf('\0') >= 0) {
            return "no environment";
        }
        String name = text.substring(0, equals);
        Inputs none = Inputs.none();
        Inputs inputs = new Inputs(
                none.file(),
                none.flags(),
                Map.of(name, text.substring(equals + 1)),
                none.workingDirectory(),
                none.programDirectory());
        try {
            ConfigLoader.Loaded loaded = ConfigLoader.load(inputs);
            return loaded.notices().isEmpty() ? GOOD : "unknown name";
        } catch (ConfigurationException e) {
            if (!e.getMessage().contains(name) && !e.getMessage().contains("jetstream.")) {
                throw new AssertionError("names nothing: " + e.getMessage(), e);
            }
            return "refused";
        }
    }

    @Override
    public List<byte[]> seeds() {
        return FuzzTarget.texts(
                "JETSTREAM_WS_URL=wss://relay.example/xrpc/com.atproto.sync.subscribeRepos?a=b",
                "JETSTREAM_LISTEN_ADDR=127.0.0.1:6008",
                "JETSTREAM_METRICS_LISTEN_ADDR=[::1]:6009",
                "JETSTREAM_EVENT_TTL=1h30m",
                "JETSTREAM_LIVENESS_TTL=15 seconds",
                "JETSTREAM_MAX_SUB_RATE=2.5",
                "JETSTREAM_OVERRIDE_RELAY_CURSOR=77",
                "JETSTREAM_WORKER_COUNT=3",
                "JETSTREAM_JOURNAL_MAX_SIZE_BYTES=40GiB",
                "JETSTREAM_HTTP_TRUSTED_PROXIES=10.0.0.0/8,::1",
                "JETSTREAM_SERVICE_HOST=10.0.0.1");
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.texts(
                "1e9",
                "-1",
                "0",
                "9223372036854775808",
                "KiB",
                "ms",
                "[",
                "]",
                ":",
                ",",
                "/33",
                "#",
                "${x}",
                "\n",
                "\"",
                "%");
    }

    @Override
    public int tries() {
        return 200;
    }

    /** Reading {@code reference.conf} anew takes some megabytes. */
    @Override
    public long mostAllocated(int inputBytes) {
        return 64L << 20;
    }
}
