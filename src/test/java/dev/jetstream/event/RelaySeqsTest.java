package dev.jetstream.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RelaySeqsTest {
    private static final RelaySeqs TWO = RelaySeqs.of("a", 5).with("b", 7);

    @Test
    void aRelaysSeqIsReplacedAndTheOthersStay() {
        RelaySeqs later = TWO.with("a", 6);
        assertThat(later).isEqualTo(RelaySeqs.of("a", 6).with("b", 7));
        assertThat(TWO.lastOf("a")).hasValue(5);
        assertThat(later.with("b", -1).lastOf("b")).hasValue(-1);
    }

    @Test
    void aRelayThatIsNotThereHasNoSeq() {
        assertThat(TWO.lastOf("c")).isEmpty();
        assertThat(RelaySeqs.NONE.lastOf("a")).isEmpty();
    }

    @Test
    void relaysThatAreNotAskedAreForgotten() {
        assertThat(TWO.only(List.of("b", "c"))).isEqualTo(RelaySeqs.of("b", 7));
        assertThat(TWO.only(List.of("c"))).isEqualTo(RelaySeqs.NONE);
    }

    @Test
    void logsNameTheSeqs() {
        assertThat(TWO.seqs()).isEqualTo("5,7");
        assertThat(RelaySeqs.NONE.seqs()).isEqualTo("-1");
    }
}
