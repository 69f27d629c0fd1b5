package dev.jetstream.e2e;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * What the server logs from INFO on and others as errors, from the making of this to its close; the screen shows nothing of it.
 */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.jetstream");
    private final Level levelBefore = ours.getLevel();
    private final List<Appender<ILoggingEvent>> appendersBefore = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    LogLines() {
        root.iteratorForAppenders().forEachRemaining(appendersBefore::add);
        appendersBefore.forEach(root::detachAppender);
        start();
        root.addAppender(this);
        ours.setLevel(Level.INFO);
    }

    @Override
    protected synchronized void append(ILoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage());
    }

    /** How many came so far from loggers whose name has this in it. */
    synchronized int from(String name) {
        return (int) lines.stream()
                .filter(line -> line.split(" ", 3)[1].contains(name))
                .count();
    }

    /** All that came so far. */
    synchronized String text() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        ours.setLevel(levelBefore);
        root.detachAppender(this);
        appendersBefore.forEach(root::addAppender);
    }
}
