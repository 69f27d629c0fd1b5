package dev.jetstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
    private static final String COMMIT =
            "{'did':'did:plc:a','time_us':5,'kind':'commit','commit':{'rev':'3l','operation':'create',"
                    + "'collection':'a.b.c','rkey':'k','record':{'n':1},'cid':'bafy'}}";

    private static JetstreamEvent parse(String json) throws MalformedEventException {
        return EventParser.parse(json.replace('\'', '"')).orElseThrow();
    }

    @Test
    void readsACommit() throws MalformedEventException {
        CommitEvent event = (CommitEvent) parse(COMMIT);
        assertThat(event.operation()).isEqualTo(CommitEvent.Operation.CREATE);
        assertThat(event.record().get("n").intValue()).isEqualTo(1);
        assertThat(event.uri()).isEqualTo("at://did:plc:a/a.b.c/k");
        assertThat(event.rev()).isEqualTo("3l");
        assertThat(event.cid()).isEqualTo("bafy");
        assertThat(event.timeUs()).isEqualTo(5);
        assertThat(event.json()).isEqualTo(COMMIT.replace('\'', '"'));
    }

    @Test
    void aDeleteHasNeitherRecordNorCid() throws MalformedEventException {
        CommitEvent event = (CommitEvent) parse("{'did':'did:plc:a','time_us':5,'kind':'commit','commit':{'rev':'3l',"
                + "'operation':'delete','collection':'a.b.c','rkey':'k'}}");
        assertThat(event.operation()).isEqualTo(CommitEvent.Operation.DELETE);
        assertThat(event.record()).isNull();
        assertThat(event.cid()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"c, CREATE", "u, UPDATE", "d, DELETE"})
    void readsTheShapesOfV0(String type, CommitEvent.Operation operation) throws MalformedEventException {
        String v0 = COMMIT.replace("'kind':'commit'", "'type':'com'")
                .replace("'operation':'create'", "'type':'" + type + "'");
        assertThat(((CommitEvent) parse(v0)).operation()).isEqualTo(operation);
        assertThat(parse("{'did':'d','time_us':5,'type':'id','identity':{'did':'d','seq':1,'time':'t'}}"))
                .isInstanceOf(IdentityEvent.class);
        assertThat(parse("{'did':'d','time_us':5,'type':'acc','account':{'active':true,'did':'d','seq':1,'time':'t'}}"))
                .isInstanceOf(AccountEvent.class);
    }

    @Test
    void readsIdentitiesAndAccountsWithAndWithoutTheirOptionalFields() throws MalformedEventException {
        IdentityEvent identity = (IdentityEvent) parse(
                "{'did':'d','time_us':5,'kind':'identity','identity':{'did':'d','handle':'h','seq':1,'time':'t'}}");
        assertThat(identity.handle()).isEqualTo("h");
        AccountEvent account = (AccountEvent)
                parse(
                        "{'did':'d','time_us':5,'kind':'account','account':{'active':false,'did':'d','seq':9,'status':'deleted','time':'t'}}");
        assertThat(account.active()).isFalse();
        assertThat(account.status()).isEqualTo("deleted");
        assertThat(account.seq()).isEqualTo(9);
    }

    @Test
    void anUnknownKindIsEmptyNotAnError() throws MalformedEventException {
        assertThat(EventParser.parse("{\"did\":\"d\",\"time_us\":5,\"kind\":\"sync\"}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'time_us':5|'time_us':5.5|no whole number time_us",
                "'rev':'3l'|'rev':3|no string commit.rev",
                "'create'|'rename'|unknown operation rename",
                "'record':{'n':1}|'record':[]|no object commit.record",
                "'cid':'bafy'|'cid':null|no string commit.cid",
                "'kind':'commit'|'kind':null|no string kind",
            })
    void namesTheFieldThatIsWrong(String right, String wrong, String message) {
        assertThatThrownBy(() -> parse(COMMIT.replace(right, wrong)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nope", "[]", "1", "null", "{'did':'d'", "{} {}"})
    void refusesWhatIsNoEvent(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void keepsOnlyTheStartOfAMalformedMessage() {
        assertThatThrownBy(() -> EventParser.parse("x".repeat(100_000)))
                .isInstanceOfSatisfying(MalformedEventException.class, e -> assertThat(e.excerpt())
                        .hasSize(200));
    }

    @Test
    void readsWhatProductionSends() throws IOException, MalformedEventException {
        Path file = Path.of(System.getProperty("jetstream.corpus", "../shared/corpus"), "expected_v1.jsonl");
        assumeTrue(Files.exists(file), "no captured events at " + file);
        int count = 0;
        for (String line : Files.readAllLines(file)) {
            JetstreamEvent event = EventParser.parse(line).orElseThrow();
            assertThat(event.timeUs()).isEqualTo(EventLine.timeUsOf(line)).isPositive();
            count++;
        }
        assertThat(count).isPositive();
    }
}
