package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import dev.jetstream.app.StopSignals;
import dev.jetstream.relay.FrameSource;
import dev.jetstream.relay.RelayOptions;
import dev.jetstream.relay.RelayServer;
import dev.jetstream.relay.ReplaySource;
import dev.jetstream.relay.SyntheticOptions;
import dev.jetstream.relay.SyntheticSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code relay}: a relay for tests, with synthetic repositories or captured frames. */
@Command(
        name = "relay",
        description = "Runs a relay for tests, with synthetic repositories or captured frames.",
        footer = {"", "For a server to read it:", "  --ws-url ws://localhost:PORT" + RelayServer.PATH})
final class RelayCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    @Spec
    private CommandSpec command;

    @Option(names = "--port", required = true, paramLabel = "P", description = "Port to listen on; 0 for any free one.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Frames per second; 0 for as fast as they are read (default: 50; with --replay: 0).")
    private Double rate;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after N frames; 0 for never (default: 0).")
    private long limit;

    @ArgGroup(exclusive = false, heading = "%nSynthetic repositories:%n")
    private SyntheticFlags synthetic = new SyntheticFlags();

    @ArgGroup(exclusive = false, heading = "%nCaptured frames:%n")
    private ReplayFlags replay = new ReplayFlags();

    /** Options of the synthetic network. */
    static final class SyntheticFlags {
        @Option(names = "--accounts", paramLabel = "N", description = "Number of accounts (default: 100).")
        private int accounts = SyntheticOptions.defaults().accounts();

        @Option(
                names = "--seed",
                paramLabel = "S",
                description = "The same seed gives the same repositories (default: 1).")
        private long seed = SyntheticOptions.defaults().seed();

        SyntheticOptions options(double rate) {
            return SyntheticOptions.defaults()
                    .withAccounts(accounts)
                    .withSeed(seed)
                    .withRate(rate);
        }
    }

    /** Options of a replay. */
    static final class ReplayFlags {
        @Option(names = "--replay", paramLabel = "FILE", description = "Send these captured frames, plain or zstd.")
        private Path file;

        @Option(names = "--loop", description = "Start over at the end, with increasing seqs.")
        private boolean loop;
    }

    @Override
    public Integer call() throws StartupException, InterruptedException {
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(
                    command.commandLine(), "--port must be from 0 (any free one) to " + MAX_PORT + ": " + port);
        }
        CountDownLatch stop = new CountDownLatch(1);
        StopSignals.install(stop::countDown);
        try {
            serve(RelayServer.start(source(), RelayOptions.at(host, port)), stop);
            return ExitCode.OK;
        } catch (IOException e) {
            throw new StartupException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private static void serve(RelayServer relay, CountDownLatch stop) throws InterruptedException {
        try {
            stop.await();
        } finally {
            relay.close();
        }
    }

    private FrameSource source() throws IOException {
        if (replay.file == null) {
            if (replay.loop) {
                throw new ParameterException(command.commandLine(), "--loop needs --replay FILE");
            }
            double perSecond = rate == null ? SyntheticOptions.defaults().rate() : rate;
            return SyntheticSource.create(synthetic.options(perSecond).withLimit(limit));
        }
        return ReplaySource.open(replay.file, replay.loop, rate == null ? 0 : rate);
    }
}
