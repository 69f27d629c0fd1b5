/**
 * Keeps the events. In: {@link dev.jetstream.event.EventBlock}s of the sequencer, through
 * {@link dev.jetstream.journal.Journal#flow()}, which gives them out again once they are durable. Out, for subscribers:
 * {@link dev.jetstream.journal.BlockLog}.
 *
 * <pre>
 *   flow ── encode ── JournalWriter (Pekko Persistence) ── the plugin ── SQLite, PostgreSQL
 *                          │ durable                                        │
 *                          v                                                v
 *                     RecentBlocks &lt;───── JournaledBlockLog ─────&gt; BlockCache, BlockLoader, BlockReader
 * </pre>
 *
 * Writing: {@code Journal}, {@code WriteSide}, {@code JournalWriter}, {@code BlockSerializer}. The bytes of a block:
 * {@code BlockCodec}, {@code BlockBody}, {@code StoredSeqs}, {@code BlockDictionary}. Reading: {@code JournaledBlockLog} and what it is
 * made of, {@code TimeSearch}. What Pekko Persistence cannot do: {@code JournalStore}.
 */
package dev.jetstream.journal;
