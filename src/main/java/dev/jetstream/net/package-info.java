/**
 * TCP for the listeners, the public one and that of the metrics: between the kernel and request handlers, and, after an upgrade,
 * between the kernel and a subscriber. It knows neither: a {@link dev.jetstream.net.Request.Handler} answers requests, and a
 * subscriber writes to a {@link dev.jetstream.net.Socket}.
 *
 * <p>{@link dev.jetstream.net.Listener} accepts connections; each belongs to one selector loop ({@code Loop}) for life and passes
 * through phases there:
 *
 * <pre>
 *   HeadPhase ──whole head──> AnswerPhase ──Request.Stream──> StreamPhase: the subscriber writes straight to the channel,
 *      │   ^                    │   │                           what the client sends is discarded
 *      │   └───── answered ─────┘   │                         WebSocketPhase, which extends it: ClientMessages parses
 *      └──refused──> Linger <───────┘ last response             what the client sends
 * </pre>
 *
 * <p>A connection answers one request at a time. What a client sends with or right after its handshake waits for the subscriber.
 */
package dev.jetstream.net;
