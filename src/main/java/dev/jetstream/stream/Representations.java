package dev.jetstream.stream;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Frames;
import java.util.function.Function;

/** The representations that a server offers. */
public final class Representations {
    private final Representation v1 = new Text(Form.V1.ordinal(), Format.V1, EventBlock::own);
    private final Representation v0 = new Text(Form.V0.ordinal(), Format.V0, V0Shapes::of);
    private final Representation v1Zstd;
    private final Representation v0Zstd;
    private final Representation v1Events = new StreamText(Form.V1_EVENTS.ordinal(), v1, HttpStream.SERVER_SENT_EVENTS);
    private final Representation v0Events = new StreamText(Form.V0_EVENTS.ordinal(), v0, HttpStream.SERVER_SENT_EVENTS);
    private final Representation v1Lines = new StreamText(Form.V1_LINES.ordinal(), v1, HttpStream.NDJSON);
    private final Representation v0Lines = new StreamText(Form.V0_LINES.ordinal(), v0, HttpStream.NDJSON);

    /** Representations whose compressed forms are made by {@code compressor}. */
    public Representations(MessageCompressor compressor) {
        v1Zstd = new Zstd(Form.V1_ZSTD.ordinal(), v1, compressor);
        v0Zstd = new Zstd(Form.V0_ZSTD.ordinal(), v0, compressor);
    }

    /** The form of messages on websockets. */
    public Representation of(Format format, boolean compressed) {
        return switch (format) {
            case V1 -> compressed ? v1Zstd : v1;
            case V0 -> compressed ? v0Zstd : v0;
        };
    }

    /** The form of events in the body of an HTTP answer. */
    public Representation of(Format format, HttpStream stream) {
        return switch (stream) {
            case SERVER_SENT_EVENTS -> format == Format.V1 ? v1Events : v0Events;
            case NDJSON -> format == Format.V1 ? v1Lines : v0Lines;
        };
    }

    /** A format's JSON as websocket text. */
    private record Text(int index, Format format, Function<EventBlock, Frames> frames) implements Representation {
        @Override
        public Representation plain() {
            return this;
        }

        @Override
        public Framing framing() {
            return Framing.WEBSOCKET;
        }

        @Override
        public Frames encode(EventBlock block) {
            return frames.apply(block);
        }
    }

    private record Zstd(int index, Representation plain, MessageCompressor compressor) implements Representation {
        @Override
        public Format format() {
            return plain.format();
        }

        @Override
        public Framing framing() {
            return Framing.WEBSOCKET;
        }

        @Override
        public Frames encode(EventBlock block) {
            return compressor.compress(block.frames(plain));
        }
    }
}
