package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import dev.jetstream.stream.ClientMessage;
import dev.jetstream.stream.Subscription;
import dev.jetstream.subscriber.SubscriberMetrics.End;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import dev.jetstream.websocket.CloseFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one connection ends: with which close frame, and how that is counted. The first reason to close is the one that the
 * client is told. Each call puts the frame into the pending; who calls sends it. Used by the subscriber's actor alone.
 */
final class ConnectionEnd {
    /** Our own: the actor context's goes by the name of one of Pekko's classes, whose INFO is not printed. */
    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    private final Socket socket;
    private final EventWriter writer;
    private final SubscriberStatus status;
    private final Deadlines deadlines;
    private final LongSupplier nanoTime;

    ConnectionEnd(
            Socket socket, EventWriter writer, SubscriberStatus status, Deadlines deadlines, LongSupplier nanoTime) {
        this.socket = socket;
        this.writer = writer;
        this.status = status;
        this.deadlines = deadlines;
        this.nanoTime = nanoTime;
    }

    /** Whether a close frame is on its way, or gone out. */
    boolean hasBegun() {
        return writer.pending().isClosing();
    }

    /** The client's own close is answered with its code. */
    void onClientClose(int code) {
        begin(CloseFrame.mayBeSent(code) ? code : CloseFrame.NORMAL, "", End.CLIENT_CLOSED);
    }

    void onFault(int code, String reason) {
        End why =
                switch (code) {
                    case CloseFrame.TOO_BIG -> End.TOO_BIG;
                    case CloseFrame.BAD_DATA -> End.BAD_DATA;
                    case CloseFrame.TRY_AGAIN_LATER -> End.BUSY;
                    default -> End.PROTOCOL_ERROR;
                };
        begin(code, reason, why);
    }

    void onRefused(ClientMessage.Refused message) {
        End why = message.code() == CloseFrame.BAD_DATA ? End.BAD_DATA : End.INVALID_OPTIONS;
        begin(message.code(), message.reason(), why);
    }

    /** All subscribers together hold as much of large wishes as they may. */
    void onNoRoomForFilter() {
        begin(CloseFrame.TRY_AGAIN_LATER, "too many large wishes at once", End.BUSY);
    }

    void onTooManyMessages() {
        begin(CloseFrame.POLICY_VIOLATION, "too many messages", End.TOO_MANY_UPDATES);
    }

    void onShutdown() {
        begin(CloseFrame.GOING_AWAY, "server is shutting down", End.SHUTDOWN);
    }

    void onUnreadable(Throwable failure) {
        LOG.warn(
                "journal cannot be read client={} position={} reason={}",
                socket.clientAddress(),
                writer.position().block(),
                failure.toString());
        begin(CloseFrame.INTERNAL_ERROR, "the journal cannot be read", End.INTERNAL_ERROR);
    }

    /** The client may see only a reset: nothing says that it will ever read the frame. */
    void onStalled() {
        LOG.info("consumer too slow client={} behind_events={}", socket.clientAddress(), writer.behindTip());
        begin(CloseFrame.POLICY_VIOLATION, "consumer too slow", End.TOO_SLOW);
        status.endsFor(End.TOO_SLOW);
    }

    void onBug(RuntimeException bug) {
        LOG.error(
                "subscriber failed client={} position={}",
                socket.clientAddress(),
                writer.position().block(),
                bug);
        begin(CloseFrame.INTERNAL_ERROR, "internal error", End.INTERNAL_ERROR);
        status.endsFor(End.INTERNAL_ERROR);
    }

    /** A bug kept a subscriber from its first turn: the client is told in one write, which an empty socket takes. */
    static void beforeBegin(SubscriberMetrics metrics, Socket socket, Subscription request, RuntimeException bug) {
        LOG.error("subscriber could not begin client={}", socket.clientAddress(), bug);
        metrics.opened(State.CLOSING);
        metrics.closed(State.CLOSING, End.INTERNAL_ERROR);
        byte[] last = request.encoding().end(CloseFrame.INTERNAL_ERROR, "internal error");
        try {
            if (socket.write(ByteBuffer.wrap(last)) == last.length) {
                socket.finish();
            } else {
                socket.abort();
            }
        } catch (IOException e) {
            socket.abort();
        }
    }

    private void begin(int code, String reason, End why) {
        if (hasBegun()) {
            return;
        }
        writer.pending().close(code, reason);
        deadlines.closing(nanoTime.getAsLong());
        status.endsFor(why);
        status.moveTo(State.CLOSING);
    }
}
