/**
 * The third step: gives every event its {@code time_us} and cuts the stream into blocks.
 *
 * <p>In: {@link dev.jetstream.decode.DecodedFrames}, in the relay's order. Out: {@link dev.jetstream.event.EventBlock}s, which end
 * between frames and continue the journal's numbers. {@link dev.jetstream.sequence.Sequencer} is the pure part,
 * {@link dev.jetstream.sequence.SequenceStage} decides when to cut.
 */
package dev.jetstream.sequence;
