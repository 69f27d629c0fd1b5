package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LoggingTest {
    private final LoggerContext logback = new LoggerContext();

    @Test
    void isFoundByLogback() {
        assertThat(ServiceLoader.load(Configurator.class))
                .anySatisfy(found -> assertThat(found).isInstanceOf(Logging.class));
    }

    @Test
    void givesWayToAFileOfTheOperators() {
        // The tests have a logback-test.xml.
        assertThat(new Logging().configure(logback)).isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(logback.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
                .isExhausted();
    }

    @Test
    void writesALineWithTimeLevelShortNameAndMessage() {
        Logging.applyDefaults(logback);
        ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>)
                logback.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stdout");
        LoggingEvent event = new LoggingEvent(
                "", logback.getLogger("dev.jetstream.app.Server"), Level.WARN, "seq={}", null, new Object[] {7});
        assertThat(new String(((PatternLayoutEncoder) appender.getEncoder()).encode(event), StandardCharsets.UTF_8))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  Server seq=7\\R");
    }

    @Test
    void ofOthersOnlyWarningsAreSeen() {
        Logging.applyDefaults(logback);
        assertThat(logback.getLogger("org.apache.pekko").isInfoEnabled()).isFalse();
        assertThat(logback.getLogger("org.apache.pekko").isWarnEnabled()).isTrue();
        assertThat(logback.getLogger("dev.jetstream.app").isInfoEnabled()).isTrue();
        assertThat(logback.getLogger("com.zaxxer.hikari.pool").isErrorEnabled()).isFalse();
    }
}
