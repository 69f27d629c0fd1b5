package dev.jetstream.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.pattern.AskTimeoutException;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void aReasonIsThatOfTheCauseThatHasOne() {
        Throwable cause = new SQLException("disk I/O error");
        assertThat(Text.reason(new CompletionException(new RuntimeException(null, cause))))
                .isEqualTo("disk I/O error");
        assertThat(Text.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() {
        assertThat(Text.reason(new AccessDeniedException("data/journal.sqlite")))
                .isEqualTo("data/journal.sqlite: permission denied");
        assertThat(Text.reason(new FileSystemException("data", null, "Is a directory")))
                .isEqualTo("data: Is a directory");
    }

    @Test
    void whatDidNotAnswerIsToldInAnOperatorsWords() {
        String words = "no answer in time: the disk, the database or this machine has too much to do";
        assertThat(Text.reason(new CompletionException(new TimeoutException("Circuit Breaker Timed out."))))
                .isEqualTo(words);
        assertThat(Text.reason(new AskTimeoutException("Ask timed out on [Actor[pekko://x]]")))
                .isEqualTo(words);
    }

    @Test
    void aTextIsOneShortLine() {
        assertThat(Text.cut("a\r\nb\u0000c")).isEqualTo("a b c");
        assertThat(Text.cut("x".repeat(300))).hasSize(201).endsWith("x…");
    }
}
