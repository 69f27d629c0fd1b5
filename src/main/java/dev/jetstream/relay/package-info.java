/**
 * A relay to test against, offline: it speaks {@code com.atproto.sync.subscribeRepos} over a real websocket, either with
 * repositories that it makes up or with captured frames.
 *
 * <pre>
 *   SyntheticNetwork ─frames─> SyntheticSource (pace, Backlog) ┐
 *                                                              ├─ FrameSource ─> RelayServer ─> RelayConnection (one a client)
 *   CaptureFile ─frames─> ReplaySource (laps, fresh seqs) ─────┘
 * </pre>
 *
 * What goes in: a seed, or a capture. What comes out: the frames on the sockets of all clients, and, for tests, each made-up
 * frame as a {@link dev.jetstream.relay.SentFrame}.
 *
 * <p>Read in this order:
 * <ul>
 *   <li>the public face: {@link dev.jetstream.relay.RelayServer} with its faults to inject,
 *       {@link dev.jetstream.relay.RelayOptions}, {@link dev.jetstream.relay.FrameSource} and its two kinds;
 *   <li>the wire: {@code RelayListener}, {@code HttpHead}, {@code RelayRequest}, {@code RelayConnection}, {@code FrameBatch};
 *   <li>what happens in the made-up network: {@link dev.jetstream.relay.SyntheticNetwork}, {@code SyntheticRepo},
 *       {@code RecordMaker}, {@code PostMaker}, {@code Texts};
 *   <li>the formats: {@code StreamFrames} (event stream), {@code MerkleSearchTree} (repository),
 *       {@code Car}, {@code DagCbor} over {@code CborWriter}, {@code AtprotoJson}, {@link dev.jetstream.relay.Cid}, {@code Tid},
 *       {@code K256}.
 * </ul>
 *
 * <p>The encoder is this package's own on purpose: what it shared with the decoder could hide a fault that both have. It may
 * use {@code websocket}, and nothing else of this project.
 */
package dev.jetstream.relay;
