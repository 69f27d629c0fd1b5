package dev.jetstream.client;

import com.github.luben.zstd.Zstd;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The servers to connect to and how; immutable. Created by {@link #builder(String...)}. */
public final class JetstreamOptions {
    /** The JSON of events. */
    public enum Format {
        /** That of the first Jetstream, of 2024. */
        V0,
        /** That of today's clients. */
        V1;

        /**
         * The format that a server's parameter names.
         *
         * @throws IllegalArgumentException when it names none
         */
        public static Format of(String parameter) {
            for (Format format : values()) {
                if (format.parameter().equals(parameter)) {
                    return format;
                }
            }
            throw new IllegalArgumentException("format must be v0 or v1, not " + parameter);
        }

        String parameter() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Builder values;

    JetstreamOptions(Builder values) {
        this.values = values;
    }

    /**
     * A builder for these servers' URLs ({@code ws}, {@code wss}, {@code http} or {@code https}; without a path,
     * {@code /subscribe}). The first is tried first; after a failed attempt the next one is tried. Parameters of
     * {@code /subscribe} in a URL become options.
     *
     * @throws IllegalArgumentException when the list is empty or a URL is invalid
     */
    public static Builder builder(String... urls) {
        return new Builder(List.of(urls));
    }

    /** The same for a list of URLs; see {@link #builder(String...)}. */
    public static Builder builder(List<String> urls) {
        return new Builder(urls);
    }

    /** The normalized server URLs, at least one. */
    List<URI> servers() {
        return values.servers;
    }

    /** The initial filter; {@link Jetstream#updateFilter} replaces it. */
    StreamFilter filter() {
        return values.filter;
    }

    /** Where to start, in unix microseconds; empty: live. */
    OptionalLong cursor() {
        return values.cursor;
    }

    /** Whether the event at {@link #cursor()} has been handled and must not be delivered again. */
    boolean cursorHandled() {
        return values.cursorHandled;
    }

    boolean compress() {
        return values.compress;
    }

    /** The zstd dictionary; null: none. */
    byte @Nullable [] dictionary() {
        return values.dictionary;
    }

    boolean requireHello() {
        return values.requireHello;
    }

    /** Null: the server's default. */
    @Nullable
    Format format() {
        return values.format;
    }

    boolean reconnect() {
        return values.reconnect;
    }

    Duration backoffMin() {
        return values.backoffMin;
    }

    Duration backoffMax() {
        return values.backoffMax;
    }

    Duration connectTimeout() {
        return values.connectTimeout;
    }

    Duration livenessTimeout() {
        return values.livenessTimeout;
    }

    /** How far the cursor goes back when the stream continues at another host. */
    Duration rewindOnHostSwitch() {
        return values.rewindOnHostSwitch;
    }

    int maxReceivedBytes() {
        return values.maxReceivedBytes;
    }

    int bufferEvents() {
        return values.bufferEvents;
    }

    long bufferBytes() {
        return values.bufferBytes;
    }

    String userAgent() {
        return values.userAgent;
    }

    JetstreamListener listener() {
        return values.listener;
    }

    /** The HTTP client to connect with: the user's, or a new one with the JDK's defaults. */
    HttpClient newHttpClient() {
        return values.httpClient == null ? HttpClient.newHttpClient() : values.httpClient;
    }

    /** Builds {@link JetstreamOptions}; every setter throws {@link IllegalArgumentException} for an invalid value. */
    public static final class Builder implements Cloneable {
        private static final int MAX_DICTIONARY_BYTES = 16 << 20;

        final List<URI> servers;
        StreamFilter filter = StreamFilter.ALL;
        OptionalLong cursor = OptionalLong.empty();
        boolean cursorHandled;
        boolean compress;
        byte @Nullable [] dictionary;
        boolean requireHello;

        @Nullable
        Format format;

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
        JetstreamListener listener = new GuardedListener.Logging();

        @Nullable
        HttpClient httpClient;

        Builder(List<String> urls) {
            if (urls.isEmpty()) {
                throw new IllegalArgumentException("no server URL given");
            }
            List<URI> bases = new ArrayList<>();
            for (String url : urls) {
                ServerUrl parsed = ServerUrl.parse(url);
                bases.add(parsed.base());
                parsed.applyTo(this);
            }
            servers = List.copyOf(bases);
        }

        /** As {@link StreamFilter.Builder#wantedCollections(String...)}. */
        public Builder wantedCollections(String... collections) {
            return filter(filter.toBuilder().wantedCollections(collections).build());
        }

        /** As {@link StreamFilter.Builder#wantedDids(String...)}. */
        public Builder wantedDids(String... dids) {
            return filter(filter.toBuilder().wantedDids(dids).build());
        }

        /** As {@link StreamFilter.Builder#maxMessageSizeBytes}. */
        public Builder maxMessageSizeBytes(long bytes) {
            return filter(filter.toBuilder().maxMessageSizeBytes(bytes).build());
        }

        /** The filter that subscriptions start with; replaces what was set before. */
        public Builder filter(StreamFilter filter) {
            this.filter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Starts at a past event, including that event, like the server's {@code cursor} parameter.
         *
         * @param timeUs unix microseconds; 0 or less: from the oldest event; in the future: live
         */
        public Builder cursor(long timeUs) {
            this.cursor = OptionalLong.of(timeUs);
            this.cursorHandled = false;
            return this;
        }

        /**
         * Starts after the last handled event.
         *
         * @param timeUs its {@link JetstreamEvent#timeUs()}, or {@link AckTracker#cursor()}
         */
        public Builder resumeAfter(long timeUs) {
            this.cursor = OptionalLong.of(timeUs);
            this.cursorHandled = true;
            return this;
        }

        /** Requests zstd. If the server uses a dictionary, the client needs the same one: {@link #dictionary(byte[])}. */
        public Builder compress(boolean compress) {
            this.compress = compress;
            return this;
        }

        /**
         * The zstd dictionary that the servers compress with; implies {@link #compress(boolean) compress}.
         *
         * @param dictionary the bytes of a dictionary file, at most 16 MiB; copied
         */
        public Builder dictionary(byte[] dictionary) {
            if (dictionary.length > MAX_DICTIONARY_BYTES || Zstd.getDictIdFromDict(dictionary) == 0) {
                throw new IllegalArgumentException("not a zstd dictionary (" + dictionary.length + " bytes)");
            }
            this.dictionary = dictionary.clone();
            return compress(true);
        }

        /** Sends the filter as the first message instead of in the URL. A filter too long for a URL is always sent this way. */
        public Builder requireHello(boolean requireHello) {
            this.requireHello = requireHello;
            return this;
        }

        /** Requests this JSON, which not every server supports. By default the server decides. */
        public Builder format(Format format) {
            this.format = Objects.requireNonNull(format, "format");
            return this;
        }

        /** Whether to reconnect, true by default; otherwise the first failure ends the stream. */
        public Builder reconnect(boolean reconnect) {
            this.reconnect = reconnect;
            return this;
        }

        /** The first and the longest pause between attempts; pauses double in between, and jitter subtracts up to half. */
        public Builder backoff(Duration min, Duration max) {
            this.backoffMin = positive("the shortest backoff", min);
            this.backoffMax = positive("the longest backoff", max);
            if (min.compareTo(max) > 0) {
                throw new IllegalArgumentException("the shortest backoff, " + min + ", is above the longest, " + max);
            }
            return this;
        }

        /** How long a connection may take to open; 10 s by default. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive("connectTimeout", timeout);
            return this;
        }

        /** How long a connection may be silent before it is closed, 30 s by default; after a sixth of that it is pinged. */
        public Builder livenessTimeout(Duration timeout) {
            this.livenessTimeout = positive("livenessTimeout", timeout);
            return this;
        }

        /** How far to go back at another host, whose clock differs; 5 s by default. Events of that window come twice. */
        public Builder rewindOnHostSwitch(Duration rewind) {
            if (rewind.isNegative()) {
                throw new IllegalArgumentException("rewindOnHostSwitch must not be negative, but is " + rewind);
            }
            this.rewindOnHostSwitch = rewind;
            return this;
        }

        /** The largest accepted message, in bytes of UTF-8 and decompressed; larger ones are skipped. 16 MiB by default. */
        public Builder maxReceivedBytes(int bytes) {
            this.maxReceivedBytes = atLeastOne("maxReceivedBytes", bytes);
            return this;
        }

        /** How many events may wait for the subscriber before the socket is read no further; 1,024 by default. */
        public Builder bufferEvents(int events) {
            this.bufferEvents = atLeastOne("bufferEvents", events);
            return this;
        }

        /** How many bytes of events may wait before the socket is read no further; 8 MiB by default. */
        public Builder bufferBytes(int bytes) {
            this.bufferBytes = atLeastOne("bufferBytes", bytes);
            return this;
        }

        /** The {@code User-Agent} that the server's operator sees. */
        public Builder userAgent(String userAgent) {
            this.userAgent = Objects.requireNonNull(userAgent, "userAgent");
            return this;
        }

        /** The listener for connections and skipped messages; the default one logs them. */
        public Builder listener(JetstreamListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** The HTTP client to connect with, for example for a proxy or an executor. */
        public Builder httpClient(HttpClient httpClient) {
            this.httpClient = Objects.requireNonNull(httpClient, "httpClient");
            return this;
        }

        public JetstreamOptions build() {
            try {
                return new JetstreamOptions((Builder) clone());
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
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
}
