package dev.jetstream.journal.store;

import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * The epoch in which this actor system writes the journal: each writer of a PostgreSQL journal raises it, and each of its
 * statements applies only as long as nobody else has. An extension, since the plugin creates the {@link BlockDao} that needs it.
 */
public final class WriterEpoch implements Extension {
    private static final AbstractExtensionId<WriterEpoch> ID = new AbstractExtensionId<>() {
        @Override
        public WriterEpoch createExtension(ExtendedActorSystem system) {
            return new WriterEpoch();
        }
    };

    private volatile long number;

    private WriterEpoch() {}

    /** The epoch of a system. */
    public static WriterEpoch of(ActorSystem system) {
        return ID.get(system);
    }

    /** The epoch that this process claimed; 0 if it has not. */
    public long number() {
        return number;
    }

    /** Called before the writer starts. */
    public void set(long claimed) {
        number = claimed;
    }
}
