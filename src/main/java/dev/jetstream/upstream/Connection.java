package dev.jetstream.upstream;

/**
 * The upstream connection that frames came over.
 *
 * @param id counts up in a process
 * @param guardStartsAnew whether its seqs cannot be compared with those of the connections before it
 * @param relay the relay's address as the journal names it: no query, no user
 */
public record Connection(long id, boolean guardStartsAnew, String relay) {}
