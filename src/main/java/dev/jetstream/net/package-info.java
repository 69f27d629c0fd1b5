/**
 * TCP for the listeners, the public one and that of the metrics: what lies between the kernel and the HTTP server, and, after
 * an upgrade, between the kernel and a subscriber.
 *
 * <p>Connections come in through {@link dev.jetstream.net.Listener}; each belongs to one selector loop
 * ({@code Loop}) for life and goes through phases there:
 *
 * <pre>
 *   HeadPhase ──whole head──> AnswerPhase ──stream──> StreamPhase ──finish──> (reads on, discards)
 *      │   ^                    │   │                    the subscriber writes straight to the channel;
 *      │   └────── sent ────────┘   │                    WebSocketPhase: ClientMessages parses what the client sends,
 *      └──refused──> LingerPhase <──┘ close              BodyPhase: that is discarded
 * </pre>
 *
 * <p>One head at a time goes up to the HTTP server, and nothing behind it is shown to it, so that what a client sends with or
 * right after its handshake waits here for the subscriber.
 */
package dev.jetstream.net;
