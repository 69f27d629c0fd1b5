package dev.jetstream.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * How the log is written where nobody says otherwise: lines of text to standard output. Code and not a {@code logback.xml}, since
 * reading XML would be a twentieth of the time to start. Logback finds it as a service; where there is a {@code logback.xml}, a
 * {@code logback-test.xml} or the property {@code logback.configurationFile}, that is obeyed in its place.
 */
public final class LogDefaults extends ContextAwareBase implements Configurator {
    /** Above all loggers of this program. */
    static final String OURS = "dev.jetstream";

    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0} %msg%n%ex{12}";

    @Override
    public ExecutionStatus configure(LoggerContext logback) {
        if (isSaidElsewhere()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        apply(logback);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void apply(LoggerContext logback) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logback);
        encoder.setPattern(LINE);
        encoder.start();
        print(logback, "stdout", encoder);
        logback.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        logback.getLogger(OURS).setLevel(Level.INFO);
        // A database that is away is told in a sentence of our own: its pool would add a stack trace for each attempt.
        logback.getLogger("com.zaxxer.hikari").setLevel(Level.OFF);
    }

    private static boolean isSaidElsewhere() {
        ClassLoader loader = LogDefaults.class.getClassLoader();
        return System.getProperty("logback.configurationFile") != null
                || loader.getResource("logback-test.xml") != null
                || loader.getResource("logback.xml") != null;
    }

    /** Sends all lines to standard output, in this form, and nowhere else. */
    static void print(LoggerContext logback, String name, Encoder<ILoggingEvent> encoder) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(logback);
        appender.setName(name);
        appender.setEncoder(encoder);
        appender.start();
        ch.qos.logback.classic.Logger root = logback.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }
}
