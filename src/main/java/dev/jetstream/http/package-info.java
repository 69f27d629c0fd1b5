/**
 * The listeners: from a client's request to a subscriber on its socket.
 *
 * <p>In come connections, from {@link dev.jetstream.net}; Pekko HTTP parses heads and renders answers over them
 * ({@code HttpLayer}, {@code WireStage}). {@code Routes} answers the small pages and {@code Page} the web page, whose files lie in the
 * resource folder {@code web}. {@code SubscribeRoute} checks a subscription's query ({@code SubscribeQuery}) and its handshake
 * ({@code WebSocketHandshake}; {@code StreamAnswer} where {@code Accept} asks for server-sent events or NDJSON), then takes the
 * connection away from HTTP and hands it, as a {@link dev.jetstream.net.Socket}, to
 * {@link dev.jetstream.subscriber.Subscribers}.
 */
package dev.jetstream.http;
