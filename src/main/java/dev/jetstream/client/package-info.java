/**
 * The Java client: connects to a Jetstream server (this one, or any that speaks v1), and hands its events to a subscriber.
 *
 * <p>In: the messages of a {@code /subscribe} websocket. Out: {@link dev.jetstream.client.JetstreamEvent}s, or the lines of JSON
 * as they came ({@link dev.jetstream.client.EventLine}), through a {@link java.util.concurrent.Flow.Publisher} whose demand
 * reaches down to the socket.
 *
 * <pre>
 *   Connection (one websocket) -> MessageAssembler -> Intake (no repeats) ---> Delivery (bounded) -> Flow.Subscriber
 *        ^ demand, pings                                                           |
 *        |                                                                         v
 *   Session (hosts, backoff, hello, options) <----------------- room for more -----+
 * </pre>
 *
 * <p>Start at {@link dev.jetstream.client.Jetstream}:
 *
 *
 * <pre>{@code JetstreamOptions options = JetstreamOptions.builder("wss://jetstream.example.com")
 *         .wantedCollections("app.bsky.feed.post")
 *         .build();
 * try (Jetstream jetstream = Jetstream.connect(options)) {
 *     jetstream.forEach(event -> System.out.println(event.did()));
 * }
 * }</pre>
 *
 * <p><b>Each event once.</b> After a lost connection the stream resumes from the last {@code time_us}; the server repeats that
 * event and the client drops the repeat. The clock is the server's own: after a switch to another host the stream is rewound by
 * {@link dev.jetstream.client.JetstreamOptions#rewindOnHostSwitch()}, and what that window repeats cannot be told by time, so
 * there the promise is "at least once" ({@link dev.jetstream.client.ResumePoint}). The same holds for one name that stands for
 * several servers.
 *
 * <p><b>As a dependency</b> take the artifact {@code dev.jetstream:jetstream} with the classifier {@code client}; it holds this
 * package alone. It needs {@code com.fasterxml.jackson.core:jackson-databind}, {@code org.slf4j:slf4j-api}, for compressed
 * streams {@code com.github.luben:zstd-jni}, and only for {@link dev.jetstream.client.PekkoJetstream}
 * {@code org.apache.pekko:pekko-stream_2.13}. Exclude the artifact's other, transitive dependencies: they are the server's.
 */
package dev.jetstream.client;
