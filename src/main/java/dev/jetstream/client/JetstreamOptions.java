package dev.jetstream.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** How to connect, and to what; immutable. Made by {@link #builder(String...)}. */
public final class JetstreamOptions {
    private final JetstreamOptionsBuilder values;

    JetstreamOptions(JetstreamOptionsBuilder values) {
        this.values = values;
    }

    /**
     * Starts from the servers' URLs ({@code ws}, {@code wss}, {@code http} or {@code https}; the path is {@code /subscribe} where
     * there is none). The first is tried first; a failed attempt moves on to the next. Parameters of {@code /subscribe} in a URL
     * are taken as options.
     *
     * @throws IllegalArgumentException when there is none, or one is no such URL
     */
    public static JetstreamOptionsBuilder builder(String... urls) {
        return new JetstreamOptionsBuilder(List.of(urls));
    }

    /** The same for a list of URLs; see {@link #builder(String...)}. */
    public static JetstreamOptionsBuilder builder(List<String> urls) {
        return new JetstreamOptionsBuilder(urls);
    }

    /** The servers, normalised, at least one. */
    public List<URI> servers() {
        return values.servers;
    }

    /** What the stream starts with; {@link Jetstream#updateOptions} may change it. */
    public StreamFilter filter() {
        return values.filter;
    }

    /** Where to start, in unix microseconds; empty: live. */
    public OptionalLong cursor() {
        return values.cursor;
    }

    /** Whether the event at {@link #cursor()} was handled already, and is not to be delivered again. */
    public boolean cursorHandled() {
        return values.cursorHandled;
    }

    public boolean compress() {
        return values.compress;
    }

    /** A copy of the zstd dictionary, or null. */
    public byte[] dictionary() {
        return values.dictionary == null ? null : values.dictionary.clone();
    }

    public boolean requireHello() {
        return values.requireHello;
    }

    /** {@code v0}, {@code v1}, or null: the server's own choice. */
    public String format() {
        return values.format;
    }

    public boolean reconnect() {
        return values.reconnect;
    }

    public Duration backoffMin() {
        return values.backoffMin;
    }

    public Duration backoffMax() {
        return values.backoffMax;
    }

    public Duration connectTimeout() {
        return values.connectTimeout;
    }

    public Duration livenessTimeout() {
        return values.livenessTimeout;
    }

    /** How far the cursor goes back where the stream goes on at another host. */
    public Duration rewindOnHostSwitch() {
        return values.rewindOnHostSwitch;
    }

    public int maxReceivedBytes() {
        return values.maxReceivedBytes;
    }

    public int bufferEvents() {
        return values.bufferEvents;
    }

    public long bufferBytes() {
        return values.bufferBytes;
    }

    public String userAgent() {
        return values.userAgent;
    }

    public JetstreamListener listener() {
        return values.listener;
    }

    /** The client to connect with; null: one of its own, with the JDK's defaults. */
    public HttpClient httpClient() {
        return values.httpClient;
    }
}
