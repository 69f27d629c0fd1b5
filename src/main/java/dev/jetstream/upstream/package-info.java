/**
 * The first step: raw frames from a relay's {@code com.atproto.sync.subscribeRepos}.
 *
 * <pre>
 *   relay ──socket──&gt; RelayReader (a thread) ─FrameBatch─&gt; RelaySource (the stage) ─FrameBatch─&gt; decode
 *                     connects, upgrades, reads,  &lt;──── errors, infos, released batches ────┘
 *                     backs off, resumes
 * </pre>
 *
 * <p>In: how far the journal covers the upstream ({@link dev.jetstream.event.RelaySeqs}), asked at each connect. Out:
 * {@link dev.jetstream.upstream.FrameBatch}es with the {@link dev.jetstream.upstream.Connection} that brought them. What the
 * frames say about the stream itself comes back from the decoder, which parses them.
 *
 * <p>Files: {@code RelaySource} (Pekko Streams), {@code RelaySession} (what outlives a stream: where to start, backoff, state),
 * {@code RelayReader} (the loop), {@code RelayLink} (one socket and its deadline), {@code Transport} and {@code TlsTransport} (its
 * bytes), {@code RelayUrl} and {@code Upgrade} (HTTP), {@code MessageReader} and {@code Gathering} (RFC 6455).
 */
package dev.jetstream.upstream;
