package dev.jetstream.relay;

import java.util.OptionalLong;

/** What a relay is told to do wrong, common to all its connections. Thread-safe. */
final class Faults {
    private boolean paused;
    private boolean silent;
    private int refusal;
    private boolean ending;
    private long replayed;
    private volatile boolean trickling;

    /** Holds back frames; {@code alsoPongs}: everything else too. */
    synchronized void pause(boolean alsoPongs) {
        paused = true;
        silent = alsoPongs;
    }

    synchronized void resume() {
        paused = false;
        silent = false;
        notifyAll();
    }

    /** Whether nothing at all may be sent. */
    synchronized boolean isSilent() {
        return silent;
    }

    synchronized void awaitSending() throws InterruptedException {
        while (paused) {
            wait();
        }
    }

    /** The status to answer upgrades with; 0 for none. */
    synchronized void refuse(int status) {
        refusal = status;
    }

    synchronized int refusal() {
        return refusal;
    }

    synchronized void endAtOnce(boolean value) {
        ending = value;
    }

    /** Whether connections end as soon as they are upgraded. */
    synchronized boolean endsAtOnce() {
        return ending;
    }

    synchronized void replay(long frames) {
        replayed = frames;
    }

    /** Where a client that asks for this is let in. */
    synchronized OptionalLong place(OptionalLong asked) {
        return asked.isPresent() ? OptionalLong.of(Math.max(0, asked.getAsLong() - replayed)) : asked;
    }

    void trickle(boolean value) {
        trickling = value;
    }

    /** Whether each byte is sent by itself. */
    boolean trickles() {
        return trickling;
    }
}
