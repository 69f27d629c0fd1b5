/**
 * A relay for demos and tests, offline: it serves {@code com.atproto.sync.subscribeRepos} over a real websocket, either with
 * synthetic repositories or with captured frames.
 *
 * <pre>
 *   SyntheticNetwork ─frames─> SyntheticSource (pace, backlog) ┐
 *                                                              ├─ FrameSource ─> RelayServer ─> RelayConnection (per client)
 *   CaptureFile ─frames─> ReplaySource (laps, fresh seqs) ─────┘
 * </pre>
 *
 * <p>Input: a seed, or a capture. Output: the frames on the sockets of all clients and, for tests, each synthetic frame as a
 * {@link dev.jetstream.relay.SentFrame}.
 *
 * <p>Read in this order:
 * <ul>
 *   <li>the public classes: {@link dev.jetstream.relay.RelayServer} with its fault injection,
 *       {@link dev.jetstream.relay.RelayOptions}, {@link dev.jetstream.relay.FrameSource} and its two implementations;
 *   <li>the wire: {@code RelayListener}, {@code RelayRequest}, {@code RelayConnection}, {@code FrameBatch};
 *   <li>the synthetic network: {@link dev.jetstream.relay.SyntheticNetwork}, {@code SyntheticRepo}, {@code RecordMaker},
 *       {@code PostMaker};
 *   <li>the formats: {@code StreamFrames} (event stream and CAR), {@code MerkleSearchTree} (repository), {@code CborWriter},
 *       {@link dev.jetstream.relay.Cid}, {@code K256}.
 * </ul>
 *
 * <p>The encoder shares no code with the server's decoder on purpose: shared code could hide a fault in both.
 */
package dev.jetstream.relay;
