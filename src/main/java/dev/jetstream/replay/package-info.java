/**
 * Jetstream v2's replay: the journal as segments of blocks of columns, which clients plan and fetch. Nothing of it is stored; both are
 * arithmetic on seqs.
 */
package dev.jetstream.replay;
