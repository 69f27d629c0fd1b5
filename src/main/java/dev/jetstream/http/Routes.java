package dev.jetstream.http;

import dev.jetstream.common.LogThrottle;
import dev.jetstream.common.Text;
import dev.jetstream.net.Request;
import dev.jetstream.net.RequestHead;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of a listener and what answers them. All of it runs on the given threads: reading a query of 10,000 DIDs must delay
 * neither a selector loop nor ingest.
 */
final class Routes implements Request.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final Set<String> OTHER_METHODS = Set.of("POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT");

    /** Answers GET and HEAD requests for a path; a HEAD like a GET. */
    interface Resource {
        CompletionStage<Answer> get(Request request);
    }

    private final Map<String, Resource> resources = new HashMap<>();
    private final Executor executor;
    private final String notFound;
    private final IntConsumer answered;
    private final LogThrottle throttle = new LogThrottle();

    /**
     * @param notFound text of a 404
     * @param answered counts the statuses of responses
     */
    Routes(Executor executor, String notFound, IntConsumer answered) {
        this.executor = executor;
        this.notFound = notFound;
        this.answered = answered;
    }

    /** Adds a path, or a prefix that ends with a slash; not after the listener has started. */
    Routes add(String path, Resource resource) {
        resources.put(path, resource);
        return this;
    }

    @Override
    public CompletionStage<Request.Reply> answer(Request request) {
        return CompletableFuture.supplyAsync(() -> dispatch(request), executor)
                .thenCompose(answer -> answer)
                .exceptionally(failure -> failed(request, failure))
                .thenApply(answer -> answer.takeover().orElseGet(() -> {
                    answered.accept(answer.status());
                    return answer.reply(request.head());
                }));
    }

    private CompletionStage<Answer> dispatch(Request request) {
        RequestHead head = request.head();
        String method = head.method();
        if (!head.isWellFormed()) {
            return Answer.line(400, "malformed request: a bad header field, or not exactly one Host")
                    .closing()
                    .now();
        }
        if (method.equals("OPTIONS")) {
            return Answer.preflight(head.all("access-control-request-headers")).now();
        }
        boolean isGet = method.equals("GET") || method.equals("HEAD");
        if (!isGet && !OTHER_METHODS.contains(method)) {
            return Answer.line(501, "unknown method").closing().now();
        }
        String path = head.path();
        Resource resource = path.startsWith(Page.ASSETS) ? resources.get(Page.ASSETS) : resources.get(path);
        if (resource == null) {
            return Answer.line(404, notFound).now();
        }
        return isGet
                ? resource.get(request)
                : Answer.line(405, "only GET and HEAD are answered here")
                        .with("Allow", "GET, HEAD")
                        .now();
    }

    private Answer failed(Request request, Throwable cause) {
        if (throttle.permits()) {
            LOG.error("request failed path={}", Text.cut(request.head().path()), cause);
        }
        return Answer.line(500, "internal error").closing();
    }
}
