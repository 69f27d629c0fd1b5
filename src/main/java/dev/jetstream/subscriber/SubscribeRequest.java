package dev.jetstream.subscriber;

import dev.jetstream.event.Filter;
import dev.jetstream.stream.Representation;
import java.util.OptionalLong;

/**
 * What a client asked for when it connected, valid.
 *
 * @param filter what it wants
 * @param representation the form that it wants it in
 * @param cursorUs unix microseconds to replay from; empty: live
 * @param requireHello whether to wait for the first {@code options_update}
 */
public record SubscribeRequest(
        Filter filter, Representation representation, OptionalLong cursorUs, boolean requireHello) {}
