/**
 * What clients see on the two listeners: event streams, pages, health, metrics.
 *
 * <p>Request heads come from {@link dev.jetstream.net}; whole responses, or sockets for subscribers, go back. {@code HttpEndpoint}
 * lists the paths, {@code Routes} dispatches, {@code StreamRoute} asks an {@link dev.jetstream.stream.EventStream} what a request
 * subscribes to and checks the websocket handshake, {@code Page} is the web page, {@code Answer} a response.
 */
package dev.jetstream.http;
