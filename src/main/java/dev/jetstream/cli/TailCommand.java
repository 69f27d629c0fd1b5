package dev.jetstream.cli;

import dev.jetstream.client.Jetstream;
import dev.jetstream.client.JetstreamException;
import dev.jetstream.client.JetstreamOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tail}: prints the events of a Jetstream server, one JSON object per line. */
@Command(
        name = "tail",
        description =
                "Prints the events of a Jetstream server on standard output, one JSON object per line. If the connection "
                        + "is lost, it reconnects and resumes where it stopped, and says so on standard error.",
        footer = {"", "For example: jetstream tail --collection app.bsky.feed.post | jq .commit"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:--limit was reached, or standard output was closed",
            "1:with --no-reconnect: the connection failed or was lost",
            "2:an argument is wrong, or the server rejected it",
            "130:Ctrl-C"
        })
final class TailCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "URL",
            arity = "0..*",
            defaultValue = "ws://localhost:6008/subscribe",
            description =
                    "The server: a ws, wss, http or https URL, or HOST:PORT. The default path is /subscribe. If several are "
                            + "given, the next is tried when one fails. Default: ${DEFAULT-VALUE}")
    private List<String> urls;

    @Option(
            names = "--collection",
            paramLabel = "NSID",
            description = "Only commits to this collection, or to all below a prefix: app.bsky.*. Repeatable.")
    private List<String> collections = List.of();

    @Option(names = "--did", paramLabel = "DID", description = "Only events of this repository. Repeatable.")
    private List<String> dids = List.of();

    @Option(
            names = "--cursor",
            paramLabel = "WHEN",
            description =
                    "Start in the past instead of live: unix microseconds, -10m (ago; d, h, m, s), or 2026-01-31T12:00:00Z.")
    private String cursor;

    @Option(names = "--compress", description = "Request zstd compression.")
    private boolean compress;

    @Option(
            names = "--dictionary",
            paramLabel = "FILE",
            description = "The zstd dictionary of the server; implies --compress.")
    private Path dictionary;

    @Option(names = "--require-hello", description = "Send the filters as the first message instead of in the URL.")
    private boolean requireHello;

    @Option(names = "--format", paramLabel = "v0|v1", description = "Format of events; not every server supports it.")
    private String format;

    @Option(names = "--max-size", paramLabel = "BYTES", description = "Only events whose JSON is at most this long.")
    private Long maxSize;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after N events.")
    private Long limit;

    @Option(names = "--no-reconnect", description = "Exit when the connection fails or is lost.")
    private boolean noReconnect;

    @Spec
    private CommandSpec spec;

    private final OutputStream out;
    private final PrintStream err;

    /** For the command line: writes to the process's own standard output and error. */
    TailCommand() {
        // System.out would hide that the reader has gone.
        this(new FileOutputStream(FileDescriptor.out), System.err);
    }

    TailCommand(OutputStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws InterruptedException {
        TailStatus status = new TailStatus(err);
        JetstreamOptions options;
        try {
            options = options(status);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        raiseReceiveBuffers();
        LineOutput output = new LineOutput(out);
        TailSubscriber subscriber = new TailSubscriber(output, limit == null ? Long.MAX_VALUE : limit);
        Thread hook = new Thread(output::finish, "tail-finish");
        Runtime.getRuntime().addShutdownHook(hook);
        try (Jetstream jetstream = Jetstream.create(options)) {
            jetstream.lines().subscribe(subscriber);
            return await(subscriber, output, status);
        } finally {
            removeHook(hook);
        }
    }

    private JetstreamOptions options(TailStatus status) {
        JetstreamOptions.Builder builder = JetstreamOptions.builder(
                        urls.stream().map(TailCommand::withScheme).toList())
                .userAgent("jetstream-tail")
                .listener(status)
                .reconnect(!noReconnect);
        if (!collections.isEmpty()) {
            builder.wantedCollections(collections.toArray(String[]::new));
        }
        if (!dids.isEmpty()) {
            builder.wantedDids(dids.toArray(String[]::new));
        }
        if (cursor != null) {
            builder.cursor(CursorArgument.parse(cursor, Instant.now()));
        }
        if (maxSize != null) {
            builder.maxMessageSizeBytes(maxSize);
        }
        if (limit != null && limit < 1) {
            throw new IllegalArgumentException("--limit must be 1 or more, not " + limit);
        }
        if (format != null) {
            builder.format(JetstreamOptions.Format.of(format));
        }
        if (requireHello) {
            builder.requireHello(true);
        }
        if (compress) {
            builder.compress(true);
        }
        if (dictionary != null) {
            builder.dictionary(readDictionary(dictionary));
        }
        return builder.build();
    }

    /** {@code localhost:6008} is {@code ws://localhost:6008}. */
    static String withScheme(String url) {
        return url.contains("://") ? url : "ws://" + url;
    }

    private static byte[] readDictionary(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("--dictionary: cannot read " + file, e);
        }
    }

    /** With the JDK's buffers of 16 KiB, an event costs three times the CPU. */
    private static void raiseReceiveBuffers() {
        for (String name : List.of("jdk.httpclient.bufsize", "jdk.httpclient.websocket.intermediateBufferSize")) {
            if (System.getProperty(name) == null) {
                System.setProperty(name, Integer.toString(256 << 10));
            }
        }
    }

    private int await(TailSubscriber subscriber, LineOutput output, TailStatus status) throws InterruptedException {
        while (true) {
            try {
                subscriber.ended().get(LineOutput.IDLE.toMillis(), TimeUnit.MILLISECONDS);
                output.flush();
                return ExitCode.OK;
            } catch (TimeoutException e) {
                if (!flushed(output)) {
                    return ExitCode.OK;
                }
            } catch (IOException e) {
                return ExitCode.OK;
            } catch (ExecutionException e) {
                flushed(output);
                return exitCode(e.getCause(), status);
            }
        }
    }

    private static boolean flushed(LineOutput output) {
        try {
            output.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int exitCode(Throwable failure, TailStatus status) {
        if (failure instanceof IOException) {
            return ExitCode.OK;
        }
        if (!(failure instanceof JetstreamException end)) {
            throw new IllegalStateException(failure);
        }
        boolean dictionary = end.reason() == JetstreamException.Reason.DICTIONARY;
        status.say(end.getMessage() + (dictionary ? "; give its file with --dictionary" : ""));
        return end.reason() == JetstreamException.Reason.DISCONNECTED ? ExitCode.FAILED : ExitCode.USAGE;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs.
        }
    }
}
