package dev.jetstream.journal.codec;

/** What the journal holds under one sequence number: a block, or bytes that are none. */
public sealed interface StoredBlock permits JournaledBlock, Damaged {}
