package dev.jetstream.upstream;

/** The handle on a running relay source. Any thread may call it, any number of times; none of its methods waits. */
public interface RelayControl {
    /**
     * Closes the socket and completes the source. Frames that were not handed on yet are dropped: the journal lacks them, so
     * they are fetched again.
     */
    void stop();
}
