package dev.jetstream.http;

import dev.jetstream.net.Request;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.ProductVersion;
import org.apache.pekko.http.javadsl.model.headers.Server;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.TLSProtocol;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Pekko HTTP as a function: a complete request head goes in, a complete answer comes out. One short stream runs per request, on Pekko
 * HTTP's public API only; connections, deadlines and limits are {@link dev.jetstream.net}'s.
 *
 * <pre>
 *   head ──> serverLayer (parses)  ──HttpRequest──> Routes
 *   answer <─ serverLayer (renders) <──HttpResponse──┘
 * </pre>
 *
 * All of it runs on a dispatcher of its own: reading a query of 10,000 DIDs must delay neither a selector loop nor ingest.
 */
final class PekkoHttp implements Request.Handler {
    /** What answers the requests of a listener. */
    interface Routes {
        /**
         * Answers a request for a stream; empty where it is for something else. Pekko HTTP does not see the request when the answer
         * takes the connection over: its share of an upgrade would cost more than the rest of it.
         */
        default Optional<Answer> stream(Request request) {
            return Optional.empty();
        }

        /** Answers any request. */
        CompletionStage<Answer> answer(HttpRequest request, Request raw);

        /** The answer where one of the others failed or threw. */
        Answer failed(Request request, Throwable cause);
    }

    private static final String DISPATCHER = "pekko.actor.message-dispatcher";

    private final Materializer materializer;
    private final Executor dispatcher;
    private final Routes routes;
    private final BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> server;

    /** @param maxHeadBytes of a request; the transport has refused longer ones already */
    PekkoHttp(ActorSystem<?> system, Routes routes, int maxHeadBytes) {
        this.routes = routes;
        dispatcher = system.dispatchers().lookup(DispatcherSelector.fromConfig(DISPATCHER));
        materializer = Materializer.matFromSystem(system);
        server = Http.get(system).serverLayer(settings(maxHeadBytes)).atop(plainBytes());
    }

    private static ServerSettings settings(int maxHeadBytes) {
        return ServerSettings.create(
                        """
                pekko.http.server {
                  server-header = ""           # set below: so no header parser is loaded
                  default-host-header = localhost   # for HTTP/1.0, where a request may have none
                  idle-timeout = infinite      # the transport's
                  request-timeout = infinite   # nothing here takes long
                  linger-timeout = 1 s
                  stream-cancellation-delay = 0 s
                  parsing {
                    max-uri-length = %1$d
                    max-header-count = 256
                    max-header-value-length = %1$d
                    illegal-header-warnings = off
                    error-logging-verbosity = off
                    modeled-header-parsing = off
                  }
                }
                """
                                .formatted(maxHeadBytes))
                .withServerHeader(Optional.of(Server.create(ProductVersion.create("jetstream", ""))));
    }

    /** Takes the place of TLS. Pekko's own placebo loads all of the JDK's TLS, for a session that nothing reads. */
    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plainBytes() {
        return BidiFlow.fromFlows(
                Flow.<SslTlsOutbound>create().map(out -> ((TLSProtocol.SendBytes) out).bytes()),
                Flow.<ByteString>create().map(bytes -> new TLSProtocol.SessionBytes(null, bytes)));
    }

    @Override
    public CompletionStage<Request.Reply> answer(Request request) {
        CompletableFuture<Request.Reply> reply = new CompletableFuture<>();
        dispatcher.execute(() -> start(request, reply));
        return reply;
    }

    private void start(Request request, CompletableFuture<Request.Reply> reply) {
        try {
            Optional<Answer> stream = stream(request);
            stream.flatMap(Answer::takeover).ifPresentOrElse(reply::complete, () -> run(request, stream, reply));
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
    }

    private Optional<Answer> stream(Request request) {
        try {
            return request.head().isStrict() ? routes.stream(request) : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(routes.failed(request, e));
        }
    }

    /** Has Pekko HTTP parse the head and render the answer. The source stays open: at its end the connection would be closed. */
    private void run(Request request, Optional<Answer> known, CompletableFuture<Request.Reply> reply) {
        Source.single(ByteString.fromArrayUnsafe(request.head().bytes()))
                .concat(Source.maybe())
                .via(Flow.<HttpRequest>create()
                        .mapAsync(1, http -> known.map(Answer::now)
                                .orElseGet(() -> answer(http, request))
                                .thenApply(answer -> {
                                    // Then the response is not sent.
                                    answer.takeover().ifPresent(reply::complete);
                                    return answer.response();
                                }))
                        .join(server))
                .withAttributes(ActorAttributes.dispatcher(DISPATCHER))
                .runWith(Sink.head(), materializer)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        reply.complete(whole(answer));
                    } else {
                        reply.completeExceptionally(failure);
                    }
                });
    }

    private CompletionStage<Answer> answer(HttpRequest http, Request request) {
        return CompletableFuture.supplyAsync(() -> routes.answer(http, request), dispatcher)
                .thenCompose(answer -> answer)
                .exceptionally(failure -> routes.failed(request, failure));
    }

    /** Answers have strict bodies, so Pekko HTTP renders each as one element. */
    private static Request.Response whole(ByteString answer) {
        byte[] bytes = answer.toArrayUnsafe();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String head = text.substring(0, text.indexOf("\r\n\r\n") + 2);
        boolean isLast = head.startsWith("HTTP/1.0")
                ? !head.contains("\r\nConnection: keep-alive\r\n")
                : head.contains("\r\nConnection: close\r\n");
        return new Request.Response(bytes, isLast);
    }
}
