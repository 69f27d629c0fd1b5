package dev.jetstream.event;

/** The representations that a server offers. */
public final class Representations {
    private final Representation v1 = new V1Text();
    private final Representation v0 = new V0Text();
    private final Representation v1Zstd;
    private final Representation v0Zstd;
    private final Representation v1Events = new StreamText(4, v1, HttpStream.SERVER_SENT_EVENTS);
    private final Representation v0Events = new StreamText(5, v0, HttpStream.SERVER_SENT_EVENTS);
    private final Representation v1Lines = new StreamText(6, v1, HttpStream.NDJSON);
    private final Representation v0Lines = new StreamText(7, v0, HttpStream.NDJSON);

    /** Representations whose compressed forms are made by {@code compressor}. */
    public Representations(MessageCompressor compressor) {
        v1Zstd = new Zstd(2, v1, compressor);
        v0Zstd = new Zstd(3, v0, compressor);
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

    private static final class V1Text implements Representation {
        @Override
        public int index() {
            return 0;
        }

        @Override
        public Format format() {
            return Format.V1;
        }

        @Override
        public Representation plain() {
            return this;
        }

        @Override
        public Framing framing() {
            return Framing.WEBSOCKET;
        }

        @Override
        public Frames render(EventBlock block) {
            return block.own();
        }
    }

    private static final class V0Text implements Representation {
        @Override
        public int index() {
            return 1;
        }

        @Override
        public Format format() {
            return Format.V0;
        }

        @Override
        public Representation plain() {
            return this;
        }

        @Override
        public Framing framing() {
            return Framing.WEBSOCKET;
        }

        @Override
        public Frames render(EventBlock block) {
            return V0Shapes.of(block);
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
        public Frames render(EventBlock block) {
            return compressor.compress(block.frames(plain));
        }
    }
}
