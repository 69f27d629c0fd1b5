/**
 * From the relay's frames to the messages that subscribers get: CBOR, CAR, CID and DAG-CBOR to JSON in one pass over the bytes.
 *
 * <p>In comes a {@link dev.jetstream.upstream.FrameBatch}, out goes a {@link dev.jetstream.decode.DecodedFrames}; bad data is counted
 * by {@link dev.jetstream.decode.DropReason} and skipped. {@link dev.jetstream.decode.DecodeFlow} runs it in parallel, the order
 * kept; {@link dev.jetstream.decode.FrameDecoder} is the pure part. The way of a frame through the files:
 *
 * <pre>
 *   FrameDecoder ── Envelope ── CommitDecoder ── CarScan ── RecordWriter ── MessageWriter ── BatchOutput
 *    batch, frames   header,     ops, one by      blocks     DAG-CBOR to     the shapes of    arrays of the
 *                    body        one              by CID     JSON            an event         whole batch
 * </pre>
 *
 * No tree, no strings, and no allocation per field or event: positions in the frame's bytes are noted, then copied from.
 */
package dev.jetstream.decode;
