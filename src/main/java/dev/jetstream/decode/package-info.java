/**
 * The second step: CBOR, CAR, CID and DAG-CBOR of the relay's frames to the JSON messages that subscribers get.
 *
 * <p>In: {@link dev.jetstream.upstream.FrameBatch}es. Out: {@link dev.jetstream.decode.DecodedFrames}; bad data is counted by
 * {@link dev.jetstream.decode.DropReason} and skipped. {@link dev.jetstream.decode.DecodeFlow} decodes in parallel and keeps the
 * order; {@link dev.jetstream.decode.FrameDecoder} takes each frame through three steps over the same bytes:
 *
 * <pre>
 *   parse                                     verify            encode
 *   ParsedFrame: header, body, Ops        ──&gt; RecordHashes ──&gt; CommitEncoder, RecordWriter, MessageWriter
 *   CommitBlocks: the CAR's blocks by CID     SHA-256           DAG-CBOR to JSON, framed
 * </pre>
 *
 * No tree, no strings, and no allocation per field or event: parsing notes offsets in the frame's bytes, encoding copies from there.
 */
package dev.jetstream.decode;
