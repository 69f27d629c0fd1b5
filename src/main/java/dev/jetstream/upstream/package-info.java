/**
 * The first step: raw frames from a relay's {@code com.atproto.sync.subscribeRepos}.
 *
 * <pre>
 *   relay ──socket──&gt; RelayReader (a thread) ─FrameBatch─&gt; RelayStage ─FrameBatch─&gt; decode
 *                     connect, upgrade, parse,  at most     (the source)
 *                     back off, resume          two ahead
 * </pre>
 *
 * <p>In: how far the journal covers the upstream ({@link dev.jetstream.event.RelaySeqs}), asked at each connect. Out: one
 * {@link dev.jetstream.upstream.FrameBatch} per read, with all the whole frames that it brought, and the
 * {@link dev.jetstream.upstream.Connection} that they came by.
 *
 * <p>Files: {@code RelaySource} and {@code RelayStage} (Pekko Streams' side), {@code RelaySession} (what outlives a stream:
 * backoff, where to start, state), {@code RelayReader} (the loop), {@code RelayLink} (one socket and its deadline),
 * {@code Transport} and {@code TlsTransport} (its bytes), {@code RelayUrl} and {@code Upgrade} (the HTTP part), {@code MessageReader}
 * (RFC 6455), {@code Notice} (error and info frames).
 */
package dev.jetstream.upstream;
