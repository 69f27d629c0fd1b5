package dev.jetstream.metrics;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Allow;
import org.apache.pekko.japi.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener of {@code GET /metrics}: plain HTTP, for Prometheus and for a look with curl. */
public final class MetricsServer {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final ContentType PROMETHEUS = ContentTypes.parse(MetricsPage.CONTENT_TYPE);
    private static final String POINTER = "The figures are at /metrics\n";

    private final ServerBinding binding;

    private MetricsServer(ServerBinding binding) {
        this.binding = binding;
    }

    /**
     * Binds the listener.
     *
     * @param listen where; port 0 picks a free one
     * @param page makes the page's text; what it throws is answered 500
     * @return fails with an {@link IOException} that says why, where the address cannot be bound
     */
    public static CompletionStage<MetricsServer> start(
            ClassicActorSystemProvider system, InetSocketAddress listen, Supplier<CompletionStage<String>> page) {
        String host = listen.getAddress().getHostAddress();
        return Http.get(system)
                .newServerAt(host, listen.getPort())
                .bind((Function<HttpRequest, CompletionStage<HttpResponse>>) request -> {
                    request.discardEntityBytes(system);
                    return guarded(request, page);
                })
                .thenApply(MetricsServer::new)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(reason(failure)));
    }

    /** What the system said, without what Pekko put around it. */
    private static Throwable reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof IOException) {
            String message = String.valueOf(root.getMessage());
            return new IOException(
                    message.substring(message.lastIndexOf("] ") < 0 ? 0 : message.lastIndexOf("] ") + 2), failure);
        }
        return root;
    }

    private static CompletionStage<HttpResponse> guarded(HttpRequest request, Supplier<CompletionStage<String>> page) {
        return CompletableFuture.completedFuture(page)
                .thenCompose(made -> answer(request, made))
                .exceptionallyCompose(failure -> {
                    LOG.error("the page of metrics failed", failure);
                    return text(StatusCodes.INTERNAL_SERVER_ERROR.intValue(), "internal error\n");
                });
    }

    private static CompletionStage<HttpResponse> answer(HttpRequest request, Supplier<CompletionStage<String>> page) {
        String path = request.getUri().path();
        boolean known = path.equals("/metrics") || path.equals("/");
        if (!known) {
            return text(StatusCodes.NOT_FOUND.intValue(), POINTER);
        }
        if (!request.method().equals(HttpMethods.GET) && !request.method().equals(HttpMethods.HEAD)) {
            return text(StatusCodes.METHOD_NOT_ALLOWED.intValue(), "only GET and HEAD\n")
                    .thenApply(response -> response.addHeader(Allow.create(HttpMethods.GET, HttpMethods.HEAD)));
        }
        if (path.equals("/")) {
            return text(StatusCodes.OK.intValue(), POINTER);
        }
        return page.get().thenApply(figures -> HttpResponse.create()
                .withEntity(PROMETHEUS, figures.getBytes(StandardCharsets.UTF_8)));
    }

    private static CompletionStage<HttpResponse> text(int status, String body) {
        HttpResponse response = HttpResponse.create().withStatus(status).withEntity(body);
        return CompletableFuture.completedFuture(response);
    }

    /** Where it is bound. */
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Takes no more connections and ends the open ones, at the latest after {@code deadline}. */
    public CompletionStage<Done> stop(Duration deadline) {
        return binding.terminate(deadline).thenApply(ignored -> Done.getInstance());
    }
}
