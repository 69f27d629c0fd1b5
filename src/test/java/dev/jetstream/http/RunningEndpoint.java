package dev.jetstream.http;

import dev.jetstream.Patience;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A running endpoint with fake subscribers behind it. */
final class RunningEndpoint implements AutoCloseable {
    final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "endpoint-test");
    final FakeSubscribers subscribers = new FakeSubscribers();
    final EndpointMetrics metrics = new EndpointMetrics();
    final V1Stream stream = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1);
    volatile Health.Report ready = new Health.Report(true, "ready");
    final HttpEndpoint endpoint;

    RunningEndpoint(TestSettings settings) throws IOException {
        Health health = new Health() {
            @Override
            public Report live() {
                return new Report(true, "live");
            }

            @Override
            public Report ready() {
                return ready;
            }

            @Override
            public String json() {
                return "{}";
            }
        };
        endpoint = HttpEndpoint.start(
                system,
                settings.http(),
                settings.subscriber(),
                subscribers,
                List.of(stream),
                health,
                metrics,
                () -> CompletableFuture.completedFuture("a_metric 1\n"));
    }

    WireClient connect() throws IOException {
        return new WireClient(endpoint.address());
    }

    @Override
    public void close() {
        subscribers.abortAll();
        endpoint.stop()
                .toCompletableFuture()
                .orTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .join();
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
