package dev.jetstream.journal.write;

import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;

/** Makes the actor that writes the journal throw. */
public final class FaultyWriter {
    private FaultyWriter() {}

    /** Tells the writers of this system what none of them can bear. */
    public static void fail(ActorSystem system) {
        system.actorSelection("/system/journal-writer-*")
                .tell(new JournalWriter.Append(null, null), ActorRef.noSender());
    }
}
