package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way into a subscriber's mailbox, which it keeps short: announcements of new blocks and pings that still wait there are not
 * repeated. Any thread.
 */
final class Inbox implements Socket.Events {
    private final AtomicBoolean newBlocksWait = new AtomicBoolean();
    private final AtomicReference<byte[]> latestPing = new AtomicReference<>();
    private final Queue<Subscriber.Command> early = new ArrayDeque<>();
    private volatile ActorRef<Subscriber.Command> subscriber;

    /** Gives the subscriber what has happened so far. Called once, by its parent, which announces new blocks from now on. */
    void open(ActorRef<Subscriber.Command> actor) {
        synchronized (early) {
            actor.tell(Subscriber.Signal.OPENED);
            early.forEach(actor::tell);
            early.clear();
            subscriber = actor;
        }
    }

    private void tell(Subscriber.Command command) {
        ActorRef<Subscriber.Command> actor = subscriber;
        if (actor == null) {
            synchronized (early) {
                actor = subscriber;
                if (actor == null) {
                    early.add(command);
                    return;
                }
            }
        }
        actor.tell(command);
    }

    /** The subscriber is about to read the log's tip: blocks after it are announced again. */
    void newBlocksSeen() {
        newBlocksWait.set(false);
    }

    /** Takes the latest ping's payload; null if it has been taken. */
    byte[] takePing() {
        return latestPing.getAndSet(null);
    }

    void onNewBlocks() {
        if (!newBlocksWait.get() && newBlocksWait.compareAndSet(false, true)) {
            tell(Subscriber.Signal.NEW_BLOCKS);
        }
    }

    @Override
    public void onWritable() {
        tell(Subscriber.Signal.WRITABLE);
    }

    @Override
    public void onText(byte[] utf8) {
        tell(new Subscriber.Text(utf8));
    }

    @Override
    public void onPing(byte[] payload) {
        if (latestPing.getAndSet(payload) == null) {
            tell(Subscriber.Signal.PING);
        }
    }

    @Override
    public void onClose(int code) {
        tell(new Subscriber.ClientClose(code));
    }

    @Override
    public void onFault(int code, String reason) {
        tell(new Subscriber.Fault(code, reason));
    }

    @Override
    public void onGone() {
        tell(Subscriber.Signal.GONE);
    }
}
