package dev.jetstream.upstream;

import dev.jetstream.common.LogThrottle;
import dev.jetstream.upstream.UpstreamMetrics.End;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Acts on the {@link Notice}s among a connection's frames. For one thread. */
final class FirehoseNotices {
    private static final Logger LOG = LoggerFactory.getLogger(FirehoseNotices.class);

    private final RelaySession session;
    private final LogThrottle outdatedLog = new LogThrottle();
    private final LogThrottle infoLog = new LogThrottle();
    private ConnectionEnd told;

    FirehoseNotices(RelaySession session) {
        this.session = session;
    }

    /**
     * Looks at each frame.
     *
     * @return how many frames, from the first, are to be handed on: all but an error frame and what follows it. {@code #info} is
     *     handed on, the decoder counts it
     */
    int inspect(FrameBatch batch) {
        byte[] bytes = batch.bytes();
        for (int i = 0; i < batch.count(); i++) {
            if (!Notice.isUsual(bytes, batch.start(i), batch.end(i))) {
                Optional<Notice> notice = Notice.read(bytes, batch.start(i), batch.end(i));
                if (notice.isPresent() && notice.get().isError()) {
                    onError(notice.get());
                    return i;
                }
                notice.ifPresent(this::onInfo);
            }
        }
        return batch.count();
    }

    /** The end that an error frame told of since the last call. */
    Optional<ConnectionEnd> takeEnd() {
        Optional<ConnectionEnd> end = Optional.ofNullable(told);
        told = null;
        return end;
    }

    private void onError(Notice error) {
        session.metrics().errorFrames.increment();
        String detail = "error=" + error.name() + " message=" + error.message();
        if (error.name().equals(Notice.FUTURE_CURSOR)) {
            session.metrics().futureCursors.increment();
            session.requireLive(Notice.FUTURE_CURSOR);
            told = new ConnectionEnd(
                    End.FUTURE_CURSOR,
                    "the relay does not know the cursor yet, the next connection drops it and goes live: " + detail);
        } else {
            told = new ConnectionEnd(End.ERROR_FRAME, "the relay ended the stream: " + detail);
        }
    }

    private void onInfo(Notice info) {
        long now = session.timing().nanoTime();
        if (info.name().equals(Notice.OUTDATED_CURSOR)) {
            session.metrics().outdatedCursors.increment();
            if (outdatedLog.permits()) {
                LOG.warn(
                        "the cursor is older than what the relay still has, events in between are lost name={} message={}",
                        info.name(),
                        info.message());
            }
        } else if (infoLog.permits()) {
            LOG.info("the relay says name={} message={}", info.name(), info.message());
        }
    }
}
