package dev.jetstream.client;

/** A message larger than we take. */
final class OversizedException extends Exception {
    private static final long serialVersionUID = 1L;

    OversizedException(long bytes, long limit) {
        super("a message of " + bytes + " bytes or more; the limit is " + limit);
    }
}
