package dev.jetstream.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.jetstream.config.JetstreamConfig.LogConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of logback: lines of text to standard output by default, then {@code jetstream.log}.
 *
 * <p>Logback finds this class as a service. It is code instead of a {@code logback.xml}, because reading XML takes a twentieth
 * of a start. A {@code logback.xml}, a {@code logback-test.xml} or the property {@code logback.configurationFile} replaces the
 * default.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String OURS = "dev.jetstream";

    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0} %msg%n%ex{12}";

    @Override
    public ExecutionStatus configure(LoggerContext logback) {
        if (hasOtherConfiguration()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        applyDefaults(logback);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static boolean hasOtherConfiguration() {
        ClassLoader loader = Logging.class.getClassLoader();
        return System.getProperty("logback.configurationFile") != null
                || loader.getResource("logback-test.xml") != null
                || loader.getResource("logback.xml") != null;
    }

    static void applyDefaults(LoggerContext logback) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logback);
        encoder.setPattern(LINE);
        encoder.start();
        print(logback, "stdout", encoder);
        logback.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        logback.getLogger(OURS).setLevel(Level.INFO);
        // The server reports an unreachable database in one sentence. The pool would add a stack trace for each
        // attempt.
        logback.getLogger("com.zaxxer.hikari").setLevel(Level.OFF);
    }

    /** Applies {@code jetstream.log} on top of the defaults. */
    static void apply(LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            logback.getLogger(OURS).setLevel(Level.toLevel(config.level().name()));
            if (config.format() == LogConfig.Format.JSON) {
                print(logback, "stdout-json", json(logback));
            }
        }
    }

    private static JsonEncoder json(LoggerContext logback) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(logback);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMarkers(false);
        encoder.setWithMDC(false);
        encoder.setWithKVPList(false);
        encoder.setWithArguments(false);
        encoder.setWithMessage(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }

    /** Makes standard output the only appender. */
    private static void print(LoggerContext logback, String name, Encoder<ILoggingEvent> encoder) {
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
