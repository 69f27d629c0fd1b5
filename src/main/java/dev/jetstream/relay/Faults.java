package dev.jetstream.relay;

/** What a relay is told to do wrong, common to all its connections. Thread-safe. */
final class Faults {
    private boolean paused;
    private boolean silent;
    private int refusal;

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
}
