package dev.jetstream.client;

import com.github.luben.zstd.Zstd;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** Collects {@link JetstreamOptions}; every setter checks its value and throws {@link IllegalArgumentException} for a bad one. */
public final class JetstreamOptionsBuilder implements Cloneable {
    private static final int MAX_DICTIONARY_BYTES = 16 << 20;

    final List<URI> servers;
    StreamFilter filter = StreamFilter.ALL;
    OptionalLong cursor = OptionalLong.empty();
    boolean cursorHandled;
    boolean compress;
    byte[] dictionary;
    boolean requireHello;
    String format;
    boolean reconnect = true;
    Duration backoffMin = Duration.ofMillis(500);
    Duration backoffMax = Duration.ofSeconds(30);
    Duration connectTimeout = Duration.ofSeconds(10);
    Duration livenessTimeout = Duration.ofSeconds(30);
    Duration rewindOnHostSwitch = Duration.ofSeconds(5);
    int maxReceivedBytes = 16 << 20;
    int bufferEvents = 1024;
    long bufferBytes = 8 << 20;
    String userAgent = "jetstream-java-client";
    JetstreamListener listener = new LoggingListener();
    HttpClient httpClient;

    JetstreamOptionsBuilder(List<String> urls) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("no server's URL given");
        }
        List<URI> bases = new ArrayList<>();
        for (String url : urls) {
            ServerUrl parsed = ServerUrl.parse(url);
            bases.add(parsed.base());
            take(parsed);
        }
        servers = List.copyOf(bases);
    }

    public JetstreamOptionsBuilder wantedCollections(String... collections) {
        return filter(filter.withWantedCollections(List.of(collections)));
    }

    public JetstreamOptionsBuilder wantedDids(String... dids) {
        return filter(filter.withWantedDids(List.of(dids)));
    }

    /** 0: no limit. */
    public JetstreamOptionsBuilder maxMessageSizeBytes(long bytes) {
        return filter(filter.withMaxMessageSizeBytes(bytes));
    }

    public JetstreamOptionsBuilder filter(StreamFilter filter) {
        this.filter = Objects.requireNonNull(filter, "filter");
        return this;
    }

    /**
     * Starts at an event of the past, that event included, as the server's own {@code cursor} does.
     *
     * @param timeUs unix microseconds; 0 or less: from the oldest event held; in the future: live
     */
    public JetstreamOptionsBuilder cursor(long timeUs) {
        this.cursor = OptionalLong.of(timeUs);
        this.cursorHandled = false;
        return this;
    }

    /** Starts behind the event that was handled last: give it what {@link Jetstream#lastCursor()} said. */
    public JetstreamOptionsBuilder resumeAfter(long timeUs) {
        this.cursor = OptionalLong.of(timeUs);
        this.cursorHandled = true;
        return this;
    }

    /** Asks for zstd. Servers with the official dictionary need it at the client too: {@link #dictionary(byte[])}. */
    public JetstreamOptionsBuilder compress(boolean compress) {
        this.compress = compress;
        return this;
    }

    /**
     * The zstd dictionary that the servers compress with; implies {@link #compress(boolean) compress}.
     *
     * @param dictionary the bytes of a dictionary file, at most 16 MiB; copied
     */
    public JetstreamOptionsBuilder dictionary(byte[] dictionary) {
        if (dictionary.length > MAX_DICTIONARY_BYTES || Zstd.getDictIdFromDict(dictionary) == 0) {
            throw new IllegalArgumentException("not a zstd dictionary (" + dictionary.length + " bytes)");
        }
        this.dictionary = dictionary.clone();
        return compress(true);
    }

    /** Sends the filter as the first message rather than in the URL, as is done by itself where the URL would be too long. */
    public JetstreamOptionsBuilder requireHello(boolean requireHello) {
        this.requireHello = requireHello;
        return this;
    }

    /** Asks for the shapes {@code v0} or {@code v1}, which not every server understands; null: does not ask. */
    public JetstreamOptionsBuilder format(String format) {
        if (format != null && !format.equals("v0") && !format.equals("v1")) {
            throw new IllegalArgumentException("format must be v0 or v1, not " + format);
        }
        this.format = format;
        return this;
    }

    /** Whether to reconnect, the default; if not, the first failure ends the stream. */
    public JetstreamOptionsBuilder reconnect(boolean reconnect) {
        this.reconnect = reconnect;
        return this;
    }

    /** The pauses before attempts to connect: the first, and the longest; they double in between, and jitter takes up to half. */
    public JetstreamOptionsBuilder backoff(Duration min, Duration max) {
        this.backoffMin = positive("the shortest backoff", min);
        this.backoffMax = positive("the longest backoff", max);
        if (min.compareTo(max) > 0) {
            throw new IllegalArgumentException("the shortest backoff, " + min + ", is above the longest, " + max);
        }
        return this;
    }

    /** How long a connection may take to open; 10 s by default. */
    public JetstreamOptionsBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = positive("connectTimeout", timeout);
        return this;
    }

    /** How long a connection may be silent before it is given up, 30 s by default; from a sixth of that on it is pinged. */
    public JetstreamOptionsBuilder livenessTimeout(Duration timeout) {
        this.livenessTimeout = positive("livenessTimeout", timeout);
        return this;
    }

    /** How far to go back at another host, whose clock is another; 5 s by default. Events of that window come twice. */
    public JetstreamOptionsBuilder rewindOnHostSwitch(Duration rewind) {
        if (rewind.isNegative()) {
            throw new IllegalArgumentException("rewindOnHostSwitch must not be negative, but is " + rewind);
        }
        this.rewindOnHostSwitch = rewind;
        return this;
    }

    /** The largest message taken, in bytes of UTF-8 and decompressed; larger ones are skipped. 16 MiB by default. */
    public JetstreamOptionsBuilder maxReceivedBytes(int bytes) {
        this.maxReceivedBytes = atLeastOne("maxReceivedBytes", bytes);
        return this;
    }

    /** How many events may wait for the subscriber before the socket is read no further; 1,024 by default. */
    public JetstreamOptionsBuilder bufferEvents(int events) {
        this.bufferEvents = atLeastOne("bufferEvents", events);
        return this;
    }

    /** How many bytes of events may wait before the socket is read no further; 8 MiB by default. */
    public JetstreamOptionsBuilder bufferBytes(int bytes) {
        this.bufferBytes = atLeastOne("bufferBytes", bytes);
        return this;
    }

    /** The {@code User-Agent} that the server's operator sees. */
    public JetstreamOptionsBuilder userAgent(String userAgent) {
        this.userAgent = Objects.requireNonNull(userAgent, "userAgent");
        return this;
    }

    /** Who is told of connections and of skipped messages; by default they are logged. */
    public JetstreamOptionsBuilder listener(JetstreamListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /** The client to connect with, for a proxy, trust or an executor of its own. */
    public JetstreamOptionsBuilder httpClient(HttpClient httpClient) {
        this.httpClient = Objects.requireNonNull(httpClient, "httpClient");
        return this;
    }

    public JetstreamOptions build() {
        return new JetstreamOptions(copy());
    }

    private JetstreamOptionsBuilder copy() {
        try {
            return (JetstreamOptionsBuilder) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(ServerUrl url) {
        url.parameters().forEach((name, values) -> {
            String value = url.parameter(name);
            switch (name) {
                case "wantedCollections" -> filter(filter.withWantedCollections(values));
                case "wantedDids" -> filter(filter.withWantedDids(values));
                case "maxMessageSizeBytes" -> maxMessageSizeBytes(Math.max(0, number(name, value)));
                case "cursor" -> {
                    if (!value.isEmpty()) {
                        cursor(number(name, value));
                    }
                }
                case "compress" -> compress(value.equals("true"));
                case "requireHello" -> requireHello(value.equals("true"));
                case "format" -> format(value);
                default -> throw new IllegalStateException(name);
            }
        });
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the URL's " + name + " must be a whole number, not " + value, e);
        }
    }

    private static Duration positive(String name, Duration duration) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(name + " must be 1 ms or more, but is " + duration);
        }
        return duration;
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, but is " + value);
        }
        return value;
    }
}
