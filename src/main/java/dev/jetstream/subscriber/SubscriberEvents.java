package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import dev.jetstream.live.LiveHub;
import dev.jetstream.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the socket and the hub tell a subscriber, put into its mailbox so that the mailbox stays short whatever they do: news and
 * pings that wait there are not told again.
 */
final class SubscriberEvents implements Socket.Events, LiveHub.Listener {
    private final Consumer<ActorRef<Subscriber.Command>> onClosed;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final AtomicBoolean newsWaits = new AtomicBoolean();
    private final AtomicReference<byte[]> latestPing = new AtomicReference<>();
    private volatile ActorRef<Subscriber.Command> subscriber;
    private volatile LiveHub.Subscription subscription;
    private volatile ConnectionReport report;

    /** @param onClosed is told when the subscriber has ended */
    SubscriberEvents(Consumer<ActorRef<Subscriber.Command>> onClosed) {
        this.onClosed = onClosed;
    }

    /** Joins the hub. To be called once, before anything else happens. */
    void open(ActorRef<Subscriber.Command> actor, LiveHub hub) {
        subscriber = actor;
        subscription = hub.subscribe(this);
        actor.tell(Subscriber.Signal.OPENED);
        opened.complete(null);
    }

    /** Leaves the hub, also where the subscriber ended before it had joined. */
    void close() {
        opened.thenRun(() -> {
            subscription.close();
            onClosed.accept(subscriber);
        });
    }

    /** The subscriber tells how it fares. */
    void report(ConnectionReport now) {
        report = now;
    }

    /** How it fared when it last told. */
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
            subscriber.tell(Subscriber.Signal.NEWS);
        }
    }

    @Override
    public void onWritable() {
        subscriber.tell(Subscriber.Signal.WRITABLE);
    }

    @Override
    public void onText(byte[] utf8) {
        subscriber.tell(new Subscriber.Text(utf8));
    }

    @Override
    public void onPing(byte[] payload) {
        if (latestPing.getAndSet(payload) == null) {
            subscriber.tell(Subscriber.Signal.PING);
        }
    }

    @Override
    public void onClose(int code) {
        subscriber.tell(new Subscriber.ClientClose(code));
    }

    @Override
    public void onFault(int code, String reason) {
        subscriber.tell(new Subscriber.Fault(code, reason));
    }

    @Override
    public void onGone() {
        subscriber.tell(Subscriber.Signal.GONE);
    }
}
