package dev.jetstream.upstream;

/**
 * A connection to a relay.
 *
 * @param id increases within a process
 * @param guardRestarts whether its seqs cannot be compared with those of the connections before it
 * @param relay the relay's address as the journal names it: no query, no user
 */
public record Connection(long id, boolean guardRestarts, String relay) {}
