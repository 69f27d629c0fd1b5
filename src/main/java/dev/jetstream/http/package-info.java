/**
 * The HTTP listeners: from a client's request to a page, or to a subscriber on its socket.
 *
 * <p>{@link dev.jetstream.net} reads whole request heads. {@code PekkoHttp} parses each and renders its answer; {@code Routes}
 * (public) and {@code MetricsRoute} answer it. {@code Page} is the web page, whose files are in the resource folder {@code web}.
 * {@code SubscribeRoute} checks a subscription's query ({@code SubscribeQuery}) and its handshake ({@code WebSocketHandshake}),
 * then has the connection handed, as a {@link dev.jetstream.net.Socket}, to {@link dev.jetstream.subscriber.Subscribers}.
 */
package dev.jetstream.http;
