package dev.jetstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventLineTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'did':'d','time_us':17,'kind':'x'}|17",
                "{'did':'d','time_us':17}|17",
                "{'did':'d' , 'time_us' : 17 , 'kind':'x'}|17",
                "{'kind':'x','commit':{'record':{'time_us':3}},'did':'d','time_us':17}|17",
                "{'did':'\\',\\'time_us\\':1,','time_us':17}|17",
                "{'did':'d','time_us':9223372036854775807}|9223372036854775807",
                "{'did':'d','time_us':9223372036854775808}|-1",
                "{'did':'d','time_us':-17}|-1",
                "{'did':'d','time_us':0}|-1",
                "{'did':'d','time_us':1.5}|-1",
                "{'did':'d','time_us':'17'}|-1",
                "{'did':'d','time_us':|-1",
                "{'did':'d'|-1",
                "{'did':'d'}|-1",
                "['time_us',17]|-1",
                "{|-1",
            })
    void findsTheTopLevelTimeOrNone(String json, long time) {
        assertThat(EventLine.timeUsOf(json.replace('\'', '"'))).isEqualTo(time);
    }

    @Property(tries = 500)
    void agreesWithAFullParse(@ForAll String did, @ForAll @LongRange(min = 1) long time, @ForAll boolean early)
            throws JsonProcessingException {
        ObjectNode event = MAPPER.createObjectNode();
        if (early) {
            event.put("did", did).put("time_us", time);
        }
        event.putObject("commit").put("time_us", 1);
        if (!early) {
            event.put("did", did).put("time_us", time);
        }
        assertThat(EventLine.timeUsOf(MAPPER.writeValueAsString(event))).isEqualTo(time);
    }
}
