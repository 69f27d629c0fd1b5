/**
 * A relay for demos and tests: serves {@code com.atproto.sync.subscribeRepos} over a real websocket, with synthetic repositories
 * or captured frames.
 *
 * <pre>
 *   SyntheticNetwork ─frames─> SyntheticSource (pace, backlog) ┐
 *                                                              ├─ FrameSource ─> RelayServer ─> RelayConnection (per client)
 *   CaptureFile ─frames─> ReplaySource (laps, new seqs) ─────┘
 * </pre>
 *
 * <p>Public: {@link dev.jetstream.relay.RelayServer} with its fault injection, {@link dev.jetstream.relay.FrameSource} and its
 * two implementations, {@link dev.jetstream.relay.SyntheticNetwork}, and {@link dev.jetstream.relay.SentFrame}, the content of a
 * synthetic frame for tests. Formats: {@code StreamFrames} (event stream and CAR), {@code MerkleSearchTree} (repository),
 * {@code CborWriter}, {@link dev.jetstream.relay.Cid}, {@code K256}.
 *
 * <p>The encoder shares no code with the server's decoder: shared code could hide a fault in both.
 */
package dev.jetstream.relay;
