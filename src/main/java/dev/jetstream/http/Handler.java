package dev.jetstream.http;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** What answers the requests of a listener. Called by any thread, by one at a time for a connection. */
interface Handler {
    /**
     * Answers a request, or takes its connection over.
     *
     * @return never completes where the connection was taken over; may fail, as this may throw: then {@link #failed} says what is
     *     answered
     */
    CompletionStage<Answer> answer(HttpRequest request, Exchange exchange);

    /** What is answered where {@link #answer} failed. */
    Answer failed(HttpRequest request, Throwable cause);
}
