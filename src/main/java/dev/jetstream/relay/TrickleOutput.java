package dev.jetstream.relay;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A socket's output that sends each byte by itself while it is told to. */
final class TrickleOutput extends FilterOutputStream {
    private final Faults faults;

    TrickleOutput(OutputStream out, Faults faults) {
        super(out);
        this.faults = faults;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        while (at < from + count && faults.trickles()) {
            out.write(bytes[at++]);
        }
        out.write(bytes, at, from + count - at);
    }
}
