/**
 * The journal of events, in five packages with imports in one direction.
 *
 * <pre>
 *   codec  a block as bytes: header, compressed body, dictionaries
 *   store  rows in a database: schema, lock, sizes, the persistence plugin's settings, reading rows, damage and its signs
 *   read   {@link dev.jetstream.journal.read.BlockLog}: recent blocks, a cache of older ones, search by time; a
 *          {@link dev.jetstream.journal.read.TipFeed} announces new blocks
 *   write  the actor that appends blocks, where the journal ends, retention
 *   (this) {@link dev.jetstream.journal.Journal}, which opens both sides, and the check of a whole journal
 * </pre>
 *
 * {@code codec <- store <- read, write}. The reading side does not import the writing side: it runs on nodes that do not write.
 */
package dev.jetstream.journal;
