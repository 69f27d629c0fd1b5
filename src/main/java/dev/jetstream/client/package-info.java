/**
 * The Java client: connects to a Jetstream server (this one, or any other that speaks v1) and passes its events to a subscriber.
 *
 * <p>Input: the messages of a {@code /subscribe} websocket. Output: {@link dev.jetstream.client.JetstreamEvent}s, or unparsed
 * lines of JSON ({@link dev.jetstream.client.EventLine}), through a {@link java.util.concurrent.Flow.Publisher} whose demand
 * reaches the socket.
 *
 * <pre>
 *   Connection (one websocket) -> MessageAssembler -> Intake (drops repeats) -> Delivery (bounded) -> Flow.Subscriber
 *        ^ demand, pings                                                           |
 *        |                                                                         v
 *   Session (hosts, backoff, hello, options) <------------------------------ room for more
 * </pre>
 *
 * <p>Start at {@link dev.jetstream.client.Jetstream}:
 *
 * <pre>{@code JetstreamOptions options = JetstreamOptions.builder("wss://jetstream.example.com")
 *         .wantedCollections("app.bsky.feed.post")
 *         .build();
 * try (Jetstream jetstream = Jetstream.create(options)) {
 *     jetstream.forEach(event -> System.out.println(event.did()));
 * }
 * }</pre>
 *
 * <p><b>Each event once.</b> After a lost connection the stream resumes from the last {@code time_us}; the server repeats that
 * event and the client drops the repeat. Times come from the server's clock: after a switch to another host the stream is rewound
 * by {@link dev.jetstream.client.JetstreamOptions.Builder#rewindOnHostSwitch}, and events of that window are delivered at least once
 * ({@link dev.jetstream.client.ResumePoint}). The same holds for one host name with several servers.
 *
 * <p><b>Nullness</b>: nothing is null except where {@code @Nullable} says so.
 *
 * <p><b>As a dependency</b>: {@code dev.jetstream:jetstream-client}, which contains only this package and needs Jackson, SLF4J
 * and zstd-jni. Adapters to other libraries: {@code JdkFlowAdapter.flowPublisherToFlux(jetstream.events())} for Reactor,
 * {@code JavaFlowSupport.Source.fromPublisher(jetstream.events())} for Pekko Streams.
 */
@NullMarked
package dev.jetstream.client;

import org.jspecify.annotations.NullMarked;
