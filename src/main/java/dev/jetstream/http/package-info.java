/**
 * What clients see on the listener's two ports: event streams, pages, health, metrics.
 *
 * <p>In: request heads from {@link dev.jetstream.net}. Out: complete responses, or sockets handed over to their
 * subscribers. {@code PekkoHttp} parses and renders, {@code Routes} decides, {@code StreamRoute} asks an
 * {@link dev.jetstream.stream.EventStream} what a request subscribes to and checks the opening handshake.
 */
package dev.jetstream.http;
