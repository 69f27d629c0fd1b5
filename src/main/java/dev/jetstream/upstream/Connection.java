package dev.jetstream.upstream;

/**
 * One connection to a relay, as the frames that came by it name it.
 *
 * @param id unique in this process, growing
 * @param guardStartsAnew whether seqs of this connection have nothing to do with those before it: the guard against repeats forgets
 *     its last seq at the first frame (after {@code FutureCursor}, an override of the cursor, another relay, or a
 *     {@link RelayControl#goLive})
 * @param relay the relay's URL without query and user, as it is kept in the journal's blocks
 */
public record Connection(long id, boolean guardStartsAnew, String relay) {}
