package io.textloom.spark.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3a://AKID:se/cr+et@bucket/a/b.jsonl | s3a://***@bucket/a/b.jsonl",
                "https://user:pw@host:8080/a?x=1&sig=abc%2F&y=2 | https://***@host:8080/a?x=1&sig=***&y=2",
                "https://h/c?sv=2024&X-Amz-Signature=0af&X-Amz-Credential=k | https://h/c?sv=2024&X-Amz-Signature=***&X-Amz-Credential=***",
                "https://h/c?access_token=t0ps | https://h/c?access_token=***",
                "file:/a/in.jsonl%3Fsig=0af%26x=1 is gone | file:/a/in.jsonl%3Fsig=*** is gone",
                "abfss://data@account.dfs.core.windows.net/a | abfss://data@account.dfs.core.windows.net/a",
                "hdfs://nn:8020/a/b@c.jsonl | hdfs://nn:8020/a/b@c.jsonl",
                "/data/part?/key=3/a.parquet | /data/part?/key=3/a.parquet",
                "jdbc:mysql://h/db?user=u&password=hunter2 | jdbc:mysql://h/db?user=u&password=***",
            })
    void urisLoseWhatOpensSomething(String uri, String shown) {
        assertThat(Redaction.uris(uri)).isEqualTo(shown);
        assertThat(Redaction.text(uri)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sql:SELECT * FROM jdbc OPTIONS (url 'jdbc:x', password 'hunter2')",
                "Cannot connect with fs.s3a.secret.key=hunter2, retry",
                "Authorization: Bearer hunter2hunter2",
                "{\"apiKey\": \"hunter2\"}",
                "spark.openlineage.transport.auth.apiKey=hunter2"
            })
    void messagesAndQueriesLoseWhatOpensSomething(String message) {
        assertThat(Redaction.text(message)).doesNotContain("hunter2").contains(Redaction.HIDDEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generate.maxNewTokens is 5 but the model takes at most 4; lower it",
                "The vocabulary has no token \"x\"; expected one",
                "embed.prompt=query: ",
                "out/part-00000-20260101T000000-ab12cd.parquet holds 3 rows"
            })
    void plainMessagesStay(String message) {
        assertThat(Redaction.text(message)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fs.s3a.secret.key",
                "auth.apiKey",
                "fs.azure.account.key.x.dfs",
                "hub.token",
                "db.password",
                "store.accessKey",
                "x.clientSecret"
            })
    void namesOfSecretsAreKnown(String key) {
        assertThat(Redaction.isSecret(key)).isTrue();
    }

    @Test
    void settingsKeepWhatIsNoSecret() {
        TreeMap<String, String> settings = new TreeMap<>(Map.of(
                "embed.maxTokens", "9",
                "hub.token", "t0ps",
                "input", "[\"s3a://k:s@b/x\"]",
                "generate.template", "password='x' {{ text }}"));
        assertThat(Redaction.settings(settings))
                .containsEntry("embed.maxTokens", "9")
                .containsEntry("hub.token", "***")
                .containsEntry("input", "[\"s3a://***@b/x\"]")
                .containsEntry("generate.template", "password='x' {{ text }}");
    }
}
