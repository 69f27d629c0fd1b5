package dev.jetstream.client;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Source;

/** The stream as a Pekko Streams source. Only this class needs Pekko on the classpath. */
public final class PekkoJetstream {
    private PekkoJetstream() {}

    /**
     * The typed events: each materialization has its own connection, opened at the first demand and closed when the stream ends.
     * It fails with {@link JetstreamException}.
     *
     * @return materializes to the connection, for {@link Jetstream#updateOptions} and {@link Jetstream#lastCursor()}
     */
    public static Source<JetstreamEvent, CompletionStage<Jetstream>> events(JetstreamOptions options) {
        return Source.lazySource(() -> {
            Jetstream jetstream = Jetstream.connect(options);
            return JavaFlowSupport.Source.fromPublisher(jetstream.events()).mapMaterializedValue(none -> jetstream);
        });
    }

    /** The unparsed events; otherwise like {@link #events(JetstreamOptions)}. */
    public static Source<EventLine, CompletionStage<Jetstream>> lines(JetstreamOptions options) {
        return Source.lazySource(() -> {
            Jetstream jetstream = Jetstream.connect(options);
            return JavaFlowSupport.Source.fromPublisher(jetstream.lines()).mapMaterializedValue(none -> jetstream);
        });
    }
}
