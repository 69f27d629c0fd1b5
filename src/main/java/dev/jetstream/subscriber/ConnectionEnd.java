package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import dev.jetstream.stream.EventStream.ClientMessage;
import dev.jetstream.subscriber.SubscriberMetrics.Connection;
import dev.jetstream.subscriber.SubscriberMetrics.End;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import dev.jetstream.websocket.CloseFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** The end of one connection: its close frame, how long that may take, and the reason that is counted. Used by its subscriber alone. */
final class ConnectionEnd {
    private final PendingBytes pending;
    private final Connection connection;
    private final Deadlines deadlines;
    private final LongSupplier nanoTime;

    ConnectionEnd(PendingBytes pending, Connection connection, Deadlines deadlines, LongSupplier nanoTime) {
        this.pending = pending;
        this.connection = connection;
        this.deadlines = deadlines;
        this.nanoTime = nanoTime;
    }

    boolean hasStarted() {
        return pending.isClosing();
    }

    /** Queues the close frame. Only the first reason counts. */
    void start(int code, String reason, End why) {
        if (!hasStarted()) {
            pending.close(code, reason);
            deadlines.closing(nanoTime.getAsLong());
            connection.endsFor(why);
            connection.moveTo(State.CLOSING);
        }
    }

    /** As {@link #start}, but this reason is counted even if a close frame is queued already. */
    void force(int code, String reason, End why) {
        start(code, reason, why);
        connection.endsFor(why);
    }

    /** Answers the client's close frame with its code. */
    void onClientClose(int code) {
        start(CloseFrame.mayBeSent(code) ? code : CloseFrame.NORMAL, "", End.CLIENT_CLOSED);
    }

    void onFault(Subscriber.Fault fault) {
        End why =
                switch (fault.code()) {
                    case CloseFrame.TOO_BIG -> End.TOO_BIG;
                    case CloseFrame.BAD_DATA -> End.BAD_DATA;
                    case CloseFrame.TRY_AGAIN_LATER -> End.BUSY;
                    default -> End.PROTOCOL_ERROR;
                };
        start(fault.code(), fault.reason(), why);
    }

    void onRefused(ClientMessage.Refused message) {
        End why = message.code() == CloseFrame.BAD_DATA ? End.BAD_DATA : End.INVALID_OPTIONS;
        start(message.code(), message.reason(), why);
    }

    void onNoRoomForFilter() {
        start(CloseFrame.TRY_AGAIN_LATER, "too many large filters at once", End.BUSY);
    }

    /** Ends a connection without a subscriber: with one write, which an empty socket takes whole. */
    static void refuse(Socket socket, byte[] last) {
        try {
            if (socket.write(ByteBuffer.wrap(last)) == last.length) {
                socket.finish();
                return;
            }
        } catch (IOException e) {
            // Aborted below.
        }
        socket.abort();
    }
}
