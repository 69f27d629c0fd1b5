package dev.jetstream.net;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameParser;
import dev.jetstream.websocket.FrameParser.Found;
import dev.jetstream.websocket.Utf8;

/**
 * What a websocket client sends: whole text messages, pings and the close frame, out of bytes that may be cut anywhere. Binary
 * messages count against the size limit and are dropped, pongs are ignored. A broken rule is reported once as a fault; nothing
 * is read after it or after a close frame.
 */
final class ClientMessages {
    /** Receives the messages. */
    interface Sink {
        /** A whole text message, valid UTF-8. */
        void text(byte[] utf8);

        void ping(byte[] payload);

        /** The close frame; {@link CloseFrame#NO_CODE} where it carries none. */
        void close(int code);

        /** The client broke a rule; the code is the one to close with. */
        void fault(int code, String reason);
    }

    private final Sink sink;
    private final int maxMessageBytes;
    private final FrameParser parser = new FrameParser(FrameParser.Peer.CLIENT);
    private final HeldBuffer message;
    private final Utf8 utf8 = new Utf8();
    private boolean ended;
    private boolean ignoring;

    ClientMessages(int maxMessageBytes, HeldBuffer.Budget budget, Sink sink) {
        this.sink = sink;
        this.maxMessageBytes = maxMessageBytes;
        message = new HeldBuffer(maxMessageBytes, budget);
    }

    /**
     * Reads {@code [from, to)}, which it may change. Stops after a text message, so that its receiver sets the pace.
     *
     * @return the offset of the first byte that it has not read; {@code to} if it has read all
     */
    int read(byte[] bytes, int from, int to) {
        int at = from;
        while (!ended) {
            Found found = parser.next(bytes, at, to);
            at = parser.end();
            switch (found) {
                case MORE -> {
                    return at;
                }
                case HEADER -> header();
                case DATA -> {
                    if (data(bytes)) {
                        return at;
                    }
                }
                case PING -> {
                    if (!ignoring) {
                        sink.ping(parser.controlPayload());
                    }
                }
                case PONG -> {}
                case CLOSE -> {
                    end();
                    sink.close(parser.closeCode());
                }
                case FAULT -> fault(parser.fault().code(), parser.fault().reason());
            }
        }
        return to;
    }

    /** From here on messages are discarded: only the close frame, or a fault, still matters. */
    void ignoreMessages() {
        ignoring = true;
        message.release();
    }

    /** The last reported message is no longer used. */
    void messageDone() {
        message.done();
    }

    /** Gives back all that is held. */
    void release() {
        message.release();
    }

    private void header() {
        if (parser.isFirst()) {
            utf8.reset();
        }
        if (!ignoring && parser.messageBytes() > maxMessageBytes) {
            fault(CloseFrame.TOO_BIG, "message is larger than " + maxMessageBytes + " bytes");
        }
    }

    /** Takes a piece of a message; whether a text message is whole with it. */
    private boolean data(byte[] bytes) {
        if (ignoring || !parser.isText()) {
            return false;
        }
        boolean isLastFrame = parser.isFinal();
        boolean isWhole = isLastFrame && parser.remaining() == 0;
        if (!utf8.accepts(bytes, parser.start(), parser.end()) || isWhole && !utf8.isComplete()) {
            fault(CloseFrame.BAD_DATA, "text is not UTF-8");
        } else if (!message.append(bytes, parser.start(), parser.end(), isLastFrame ? parser.remaining() : -1)) {
            fault(CloseFrame.TRY_AGAIN_LATER, "too many large messages at once");
        } else if (isWhole) {
            sink.text(message.lend());
            return true;
        }
        return false;
    }

    private void fault(int code, String reason) {
        end();
        sink.fault(code, reason);
    }

    private void end() {
        ended = true;
        message.clear();
    }
}
