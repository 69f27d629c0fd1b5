package dev.jetstream.http;

import dev.jetstream.net.HttpConnection;
import dev.jetstream.net.RequestHead;
import dev.jetstream.net.Requests;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.ProductVersion;
import org.apache.pekko.http.javadsl.model.headers.Server;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.TLSProtocol;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.util.ByteString;

/**
 * Pekko HTTP's server over connections of our own transport: one stream per connection, made when its first request is there.
 * Only Pekko HTTP's public API is used.
 *
 * <pre>
 *   transport ──head──> WireStage ──> serverLayer (parses)  ──HttpRequest──> Handler
 *   transport <─answer─ WireStage <── serverLayer (renders) <─HttpResponse───┘
 * </pre>
 *
 * An upgrade leaves this picture: the handler takes the connection, no response ever comes, and the stream is ended.
 */
final class HttpLayer implements Requests.Factory {
    private final Materializer materializer;
    private final Handler handler;
    private final BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> server;

    /** @param maxHeadBytes of a request; the transport has refused longer ones already */
    HttpLayer(ActorSystem<?> system, Handler handler, int maxHeadBytes) {
        this.handler = handler;
        materializer = Materializer.matFromSystem(system);
        server = Http.get(system).serverLayer(settings(maxHeadBytes)).atop(plainBytes());
    }

    private static ServerSettings settings(int maxHeadBytes) {
        return ServerSettings.create(
                        """
                pekko.http.server {
                  server-header = ""           # ours, below: a parser is not needed for it
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

    /** What stands where TLS would. Pekko's own loads all of the JDK's TLS, for a session that nobody looks at. */
    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plainBytes() {
        return BidiFlow.fromFlows(
                Flow.<SslTlsOutbound>create().map(out -> ((TLSProtocol.SendBytes) out).bytes()),
                Flow.<ByteString>create().map(bytes -> new TLSProtocol.SessionBytes(null, bytes)));
    }

    @Override
    public Requests open(HttpConnection connection) {
        return new Stream(connection);
    }

    /** One connection's stream. It is made off the connection's loop: that takes some hundred microseconds. */
    private final class Stream implements Requests {
        private final HttpConnection connection;
        private final CompletableFuture<WireStage.Wire> wire = new CompletableFuture<>();
        private volatile Exchange current;
        private boolean begun;

        Stream(HttpConnection connection) {
            this.connection = connection;
        }

        private void run() {
            Flow<HttpRequest, HttpResponse, NotUsed> answers =
                    Flow.<HttpRequest>create().mapAsync(1, this::answer);
            try {
                wire.complete(server.join(Flow.fromGraph(new WireStage(connection)), Keep.right())
                        .joinMat(answers, Keep.left())
                        .run(materializer));
            } catch (RuntimeException e) {
                connection.abort();
                throw e;
            }
        }

        private CompletionStage<HttpResponse> answer(HttpRequest request) {
            return guarded(request)
                    .exceptionally(e -> handler.failed(request, e))
                    .thenApply(Answer::response);
        }

        /** A bug costs this one request: else the connection would end without a word. */
        private CompletionStage<Answer> guarded(HttpRequest request) {
            try {
                return handler.answer(request, current);
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void onHead(RequestHead head) {
            current = new Exchange(connection, head);
            if (!begun) {
                begun = true;
                materializer.executionContext().execute(this::run);
            }
            wire.thenAccept(w -> w.onHead(head.bytes()));
        }

        @Override
        public void onSent() {
            wire.thenAccept(WireStage.Wire::onSent);
        }

        @Override
        public void onGone() {
            wire.thenAccept(WireStage.Wire::onGone);
        }
    }
}
