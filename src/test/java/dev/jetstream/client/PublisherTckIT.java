package dev.jetstream.client;

import static dev.jetstream.client.Lines.create;

import dev.jetstream.Patience;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** The client's publisher against the TCK of Reactive Streams. Its streams never complete by themselves. */
@Test
public class PublisherTckIT extends FlowPublisherVerification<EventLine> {
    /** How long the TCK waits to see that nothing comes, and between two looks for an error. */
    private static final long SILENCE_MS = 100;

    private ScriptedServer server;
    private Jetstream jetstream;

    public PublisherTckIT() {
        super(new TestEnvironment(TimeUnit.SECONDS.toMillis(Patience.SECONDS), SILENCE_MS, SILENCE_MS));
    }

    @Override
    public Flow.Publisher<EventLine> createFlowPublisher(long elements) {
        server = new ScriptedServer(peer -> {
            peer.upgrade();
            for (long timeUs = 1; timeUs <= Math.min(elements, 10_000); timeUs++) {
                peer.text(create(timeUs));
            }
            peer.drain();
        });
        jetstream = Jetstream.create(ReconnectIT.fast(server).build());
        return jetstream.lines();
    }

    @Override
    public Flow.Publisher<EventLine> createFailedFlowPublisher() {
        Flow.Publisher<EventLine> publisher = createFlowPublisher(0);
        jetstream.close();
        return publisher;
    }

    @Override
    public long maxElementsFromPublisher() {
        return publisherUnableToSignalOnComplete();
    }

    @AfterMethod
    public void close() {
        if (jetstream != null) {
            jetstream.close();
            server.close();
        }
    }
}
