package dev.jetstream.journal;

/** What the journal holds under one sequence number: a block, or bytes that are none. */
sealed interface StoredBlock permits JournaledBlock, Damaged {}
