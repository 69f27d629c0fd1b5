package dev.jetstream.client;

/** One event of the stream, typed. */
public sealed interface JetstreamEvent permits CommitEvent, IdentityEvent, AccountEvent {
    /** The repository that the event is about. */
    String did();

    /** Unix microseconds by the server's clock, and the cursor that resumes at this event. */
    long timeUs();

    /** The message as the server sent it. */
    String json();
}
