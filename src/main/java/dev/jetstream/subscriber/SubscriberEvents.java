package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import dev.jetstream.live.LiveHub;
import dev.jetstream.net.Socket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the socket and the hub tell a subscriber, put into its mailbox so that the mailbox stays short whatever they do: news and
 * pings that wait there are not told again.
 */
final class SubscriberEvents implements Socket.Events, LiveHub.Listener {
    private final AtomicBoolean newsWaits = new AtomicBoolean();
    private final AtomicReference<byte[]> latestPing = new AtomicReference<>();
    private final Queue<Subscriber.Command> early = new ArrayDeque<>();
    private volatile ActorRef<Subscriber.Command> subscriber;
    private volatile ConnectionReport report;
    private LiveHub.Subscription subscription;

    /** Joins the hub, and gives the subscriber what has happened so far. Called once, by its parent. */
    void open(ActorRef<Subscriber.Command> actor, LiveHub hub) {
        subscription = hub.subscribe(this);
        synchronized (early) {
            actor.tell(Subscriber.Signal.OPENED);
            early.forEach(actor::tell);
            early.clear();
            subscriber = actor;
        }
    }

    /** Leaves the hub. Called by the subscriber's parent. */
    void close() {
        subscription.close();
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

    /** The subscriber reports its state. */
    void report(ConnectionReport now) {
        report = now;
    }

    /** The last report; null before the first. */
    ConnectionReport report() {
        return report;
    }

    /** The subscriber is about to look at the tip: a block after this is to be told again. Until then it would be in vain. */
    void newsTaken() {
        newsWaits.set(false);
    }

    /** The latest ping's payload, which is then no longer here; null when it has been taken. */
    byte[] takePing() {
        return latestPing.getAndSet(null);
    }

    /** The block is not kept: the log has it, and a reference in each of thousands of old objects is work for the collector. */
    @Override
    public void onBlock(EventBlock block) {
        if (!newsWaits.get() && newsWaits.compareAndSet(false, true)) {
            tell(Subscriber.Signal.NEWS);
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
