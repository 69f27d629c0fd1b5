package dev.jetstream.relay;

import java.util.List;
import java.util.stream.Stream;

/** The messages that a v1 subscriber without filters must get for a made-up frame, byte for byte but for their time. */
public final class V1Lines {
    private V1Lines() {}

    /** One line per event, none for a {@code #sync}; {@code time_us} is 0. */
    public static List<String> of(SentFrame sent) {
        if (sent instanceof SentFrame.Commit commit) {
            return commit.ops().stream().map(op -> commit(commit, op)).toList();
        }
        if (sent instanceof SentFrame.Identity event) {
            String handle = event.handle() == null ? "" : "\"handle\":" + quote(event.handle()) + ",";
            String body = "\"did\":" + quote(event.did()) + "," + handle;
            return List.of(line(event, "identity", body + seqAndTime(event, "")));
        }
        if (sent instanceof SentFrame.Account event) {
            String status = event.status() == null ? "" : "\"status\":" + quote(event.status()) + ",";
            String body = "\"active\":" + event.active() + ",\"did\":" + quote(event.did()) + ",";
            return List.of(line(event, "account", body + seqAndTime(event, status)));
        }
        return List.of();
    }

    /** A line with its {@code time_us} set to 0, to compare with {@link #of}. */
    public static String withoutTime(String line) {
        return line.replaceFirst("\"time_us\":\\d+", "\"time_us\":0");
    }

    private static String commit(SentFrame.Commit commit, SentFrame.Op op) {
        String record = op.record() == null
                ? ""
                : ",\"record\":" + AtprotoJson.of(op.record()) + ",\"cid\":\"" + op.cid() + "\"";
        return line(
                commit,
                "commit",
                Stream.of(
                                "\"rev\":" + quote(commit.rev()),
                                "\"operation\":" + quote(op.action()),
                                "\"collection\":" + quote(op.collection()),
                                "\"rkey\":" + quote(op.rkey()) + record)
                        .reduce((a, b) -> a + "," + b)
                        .orElseThrow());
    }

    private static String seqAndTime(SentFrame event, String between) {
        return "\"seq\":" + event.seq() + "," + between + "\"time\":" + quote(event.time());
    }

    private static String line(SentFrame sent, String kind, String body) {
        return "{\"did\":" + quote(sent.did()) + ",\"time_us\":0,\"kind\":\"" + kind + "\",\"" + kind + "\":{" + body
                + "}}";
    }

    private static String quote(String text) {
        StringBuilder out = new StringBuilder();
        AtprotoJson.quote(out, text);
        return out.toString();
    }
}
