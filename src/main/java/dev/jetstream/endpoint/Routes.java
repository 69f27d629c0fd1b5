package dev.jetstream.endpoint;

import dev.jetstream.metrics.EndpointMetrics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of the public listener. */
final class Routes implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_LOGGED = 100;

    private final Page page = new Page();
    private final SubscribeRoute subscribe;
    private final Health health;
    private final Status status;
    private final Optional<Supplier<CompletionStage<String>>> metricsPage;
    private final EndpointMetrics metrics;
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    /** @param metricsPage Prometheus text, if it is to be seen here */
    Routes(
            SubscribeRoute subscribe,
            Health health,
            Status status,
            Optional<Supplier<CompletionStage<String>>> metricsPage,
            EndpointMetrics metrics) {
        this.subscribe = subscribe;
        this.health = health;
        this.status = status;
        this.metricsPage = metricsPage;
        this.metrics = metrics;
    }

    @Override
    public CompletionStage<Answer> answer(HttpRequest request, Exchange exchange) {
        return route(request, exchange).thenApply(answer -> {
            metrics.answered(answer.status());
            return answer;
        });
    }

    @Override
    public Answer failed(HttpRequest request, Throwable cause) {
        long now = System.nanoTime();
        long due = nextLogNanos.get();
        if (now - due >= 0 && nextLogNanos.compareAndSet(due, now + LOG_INTERVAL_NANOS)) {
            String path = request.getUri().path();
            LOG.error("request failed path={}", path.substring(0, Math.min(MOST_LOGGED, path.length())), cause);
        }
        metrics.answered(500);
        return Answer.line(500, "internal error").closing();
    }

    private CompletionStage<Answer> route(HttpRequest request, Exchange exchange) {
        boolean isGet = isGet(request);
        String path = request.getUri().path();
        if (isGet && path.equals("/subscribe")) {
            return subscribe
                    .answer(request, exchange)
                    .map(CompletableFuture::completedFuture)
                    .orElseGet(CompletableFuture::new);
        }
        if (isGet && path.equals("/metrics") && metricsPage.isPresent()) {
            return MetricsRoute.figures(metricsPage.get());
        }
        return CompletableFuture.completedFuture(
                switch (path) {
                    case "/subscribe" -> Answer.notAllowed();
                    case "/" -> isGet ? welcome(exchange) : Answer.notAllowed();
                    case "/favicon.ico" -> isGet ? page.icon(new Headers(exchange.head())) : Answer.notAllowed();
                    case "/status" -> isGet ? status() : Answer.notAllowed();
                    case "/healthz" -> isGet ? report(health.live()) : Answer.notAllowed();
                    case "/readyz" -> isGet ? report(health.ready()) : Answer.notAllowed();
                    case "/metrics" -> metricsPage.isPresent() ? Answer.notAllowed() : notFound();
                    default -> path.startsWith(Page.ASSETS) && isGet ? asset(path, exchange) : notFound();
                });
    }

    static boolean isGet(HttpRequest request) {
        return request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
    }

    private Answer welcome(Exchange exchange) {
        return page.welcome(new Headers(exchange.head()))
                .orElseGet(() -> Answer.text(200, "Welcome to Jetstream").with("Vary", "Accept"));
    }

    private Answer asset(String path, Exchange exchange) {
        return page.asset(path, new Headers(exchange.head())).orElseGet(Routes::notFound);
    }

    private Answer status() {
        return new Answer(200, ContentTypes.APPLICATION_JSON, status.json(), List.of())
                .with("Cache-Control", "no-store");
    }

    private static Answer report(Health.Report report) {
        return Answer.line(report.isGood() ? 200 : 503, report.text());
    }

    private static Answer notFound() {
        return Answer.line(404, "not found; the stream is at /subscribe");
    }
}
