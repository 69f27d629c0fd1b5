package dev.jetstream.journal.write;

import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;

/** Makes the actor that writes the journal throw. */
public final class FaultyWriter {
    private FaultyWriter() {}

    /** Sends the writer of this system a message that makes it throw. */
    public static void fail(ActorSystem system) {
        for (String path : List.of("/user/ingest/writer", "/user/writer-*")) {
            system.actorSelection(path).tell(new JournalWriter.Append(null, null), ActorRef.noSender());
        }
    }
}
