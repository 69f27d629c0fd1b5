package dev.jetstream.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.pattern.AskTimeoutException;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void aReasonIsThatOfTheCauseThatHasOne() {
        Throwable cause = new SQLException("disk I/O error");
        assertThat(Texts.reason(new CompletionException(new RuntimeException(null, cause))))
                .isEqualTo("disk I/O error");
        assertThat(Texts.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() {
        assertThat(Texts.reason(new AccessDeniedException("data/journal.sqlite")))
                .isEqualTo("data/journal.sqlite: permission denied");
        assertThat(Texts.reason(new FileSystemException("data", null, "Is a directory")))
                .isEqualTo("data: Is a directory");
    }

    @Test
    void whatDidNotAnswerIsToldInAnOperatorsWords() {
        String words = "no answer in time: the disk, the database or this machine has too much to do";
        assertThat(Texts.reason(new CompletionException(new TimeoutException("Circuit Breaker Timed out."))))
                .isEqualTo(words);
        assertThat(Texts.reason(new AskTimeoutException("Ask timed out on [Actor[pekko://x]]")))
                .isEqualTo(words);
    }

    @Test
    void aTextIsOneShortLine() {
        assertThat(Texts.cut("a\r\nb\u0000c")).isEqualTo("a b c");
        assertThat(Texts.cut("x".repeat(300))).hasSize(201).endsWith("x…");
    }
}
