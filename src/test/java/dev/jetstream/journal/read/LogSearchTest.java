package dev.jetstream.journal.read;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class LogSearchTest {
    @Property
    void theRoundestNumberHasNoRounderOneBesideIt(
            @ForAll @LongRange(min = 1, max = 5000) long from, @ForAll @LongRange(min = 1, max = 3000) long more) {
        long to = from + more;
        long roundest = LogSearch.roundest(from, to);
        assertThat(roundest).isBetween(from, to - 1);
        for (long other = from; other < to; other++) {
            assertThat(Long.numberOfTrailingZeros(other)).isLessThanOrEqualTo(Long.numberOfTrailingZeros(roundest));
        }
    }
}
