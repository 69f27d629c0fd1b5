package dev.jetstream.stream;

import dev.jetstream.event.Filter;
import java.util.OptionalLong;

/**
 * What a client asked for when it connected, valid.
 *
 * @param stream reads what the client sends later
 * @param filter the events to send
 * @param encoding how they are written
 * @param cursorUs unix microseconds to replay from; empty: live
 * @param requireHello whether to wait for the first {@code options_update}
 */
public record Subscription(
        EventStream stream, Filter filter, Encoding encoding, OptionalLong cursorUs, boolean requireHello)
        implements EventStream.Answer {}
