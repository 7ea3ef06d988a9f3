package io.textloom.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge is networknt's validator. */
class JsonSchemaConstraintTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonNode SCHEMAS = schemas();

    private static JsonNode schemas() {
        try {
            return MAPPER.readTree(Files.readString(Path.of("src/test/resources/constrain/schemas.json")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<String> names() {
        List<String> names = new ArrayList<>();
        SCHEMAS.fieldNames().forEachRemaining(names::add);
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void randomCompletionsAreInstances(String name) throws IOException {
        String schema = SCHEMAS.get(name).toString();
        // its e-mail addresses end in top-level domains of a list, its times of day stay within one in UTC
        boolean formats = !schema.contains("\"email\"") && !schema.contains("\"time\"");
        JsonSchema judge = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        schema,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(formats)
                                .build());
        for (String tokenizer : List.of("storyteller", "llama2", "gpt2")) {
            Constraint constraint = Walks.schema(tokenizer, schema);
            for (int seed = 0; seed < (tokenizer.equals("gpt2") ? 4 : 25); seed++) {
                Random random = new Random(seed);
                String text = Walks.text(tokenizer, constraint, random.nextInt(40), random);
                JsonNode instance = read(text);
                assertThat(judge.validate(instance)).as(text).isEmpty();
            }
        }
    }

    /** Keys that no property describes may come twice; nothing in JSON forbids it. */
    private static JsonNode read(String text) throws IOException {
        return JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .readTree(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "person | {\"name\":\"Ann\",\"age\":7} | true",
                "person | {\"name\": \"Ann\", \"age\": 130} | true",
                "person | {\"name\":\"Ann\",\"age\":131} | false",
                "person | {\"age\":7,\"name\":\"Ann\"} | false",
                "person | {\"name\":\"\",\"age\":7} | false",
                "person | {\"name\":\"J\\u00f6rg \\ud83d\\ude00\",\"age\":7} | true",
                "person | {\"name\":\"\\ud83d\",\"age\":7} | false",
                "person | {\"name\":\"😀 中文\",\"age\":7,\"email\":\"a.b@example.org\"} | true",
                "all optional | {} | true",
                "all optional | {\"b\":true,\"e\":false} | true",
                "all optional | {\"e\":true,\"b\":false} | false",
                "all optional | {,\"b\":true} | false",
                "tuple | [\"a\",1] | true",
                "tuple | [\"a\"] | false",
                "tuple | [\"a\",1,true,2] | false",
                "range | -17 | true",
                "range | -18 | false",
                "range | 1234 | true",
                "range | 1235 | false",
                "range | 007 | false",
                "range | -0 | false",
                "exclusive range | 10 | true",
                "exclusive range | 9 | false",
                "number range | 12.50 | true",
                "number range | 12.51 | false",
                "number range | -0.75 | true",
                "number range | -0.76 | false",
                "number exclusive | 0.0001 | true",
                "number exclusive | 0 | false",
                "number exclusive | 0.0 | false",
                "number exclusive | 1 | false",
                "multiples | -98 | true",
                "multiples | 999 | false",
                "multiples | 994 | true",
                "quarters | 1.25 | true",
                "quarters | 1.2 | false",
                "quarters | 1.5 | true",
                "map beside properties | {\"id\":1,\"ide\":\"x\"} | true",
                "map beside properties | {\"id\":1,\"idea\":\"x\"} | false",
                "map beside properties | {\"id\":1,\"ideas\":\"x\",\"größer\":\"y\"} | true",
                "map beside properties | {\"id\":1,\"größe\":\"y\"} | false",
                "format date | \"2024-02-29\" | true",
                "format date | \"2023-02-29\" | false",
                "format date | \"1900-02-29\" | false",
                "format date | \"2000-02-29\" | true",
                "pattern anywhere | \"xxabbcyy\" | true",
                "pattern anywhere | \"xxacyy\" | false",
                "tree | {\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]} | true",
                "any value | {\"a\": [1, -2.5e3, {\"b\": null}], \"c\": \"\"} | true",
                "any value | [1,] | false",
                "any value |  1 | true",
            })
    void textsAreTakenOrNot(String name, String text, boolean taken) {
        String schema = SCHEMAS.get(name).toString();
        assertThat(Walks.takes("storyteller", Walks.schema("storyteller", schema), text))
                .isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"enum\":[]} | #/enum is impossible",
                "{\"type\":\"string\",\"minLength\":3,\"maxLength\":2} | minLength 3 is above maxLength 2",
                "{\"type\":\"integer\",\"minimum\":3,\"maximum\":2} | no number is at least 3 and at most 2",
                "{\"type\":\"integer\",\"minimum\":0.2,\"maximum\":0.7} | no number is",
                "{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":1,\"maximum\":6} | impossible",
                "{\"type\":\"array\",\"minItems\":3,\"maxItems\":2} | minItems 3 is above maxItems 2",
                "{\"type\":\"array\",\"prefixItems\":[{}],\"items\":false,\"minItems\":2} | minItems 2 is more than the 1",
                "{\"type\":\"object\",\"properties\":{\"a\":false},\"required\":[\"a\"]} | \"a\" is required and not allowed",
                "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"a\"]} | \"a\" is required and not allowed",
                "false | the schema is false",
                "{\"type\":\"string\",\"enum\":[1]} | none of the values",
                "{\"allOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]} | no type is left",
                "{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]} | requires itself without end",
                "{\"$ref\":\"#\"} | leads back to itself",
                "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"},{\"type\":\"null\"}]}},\"$ref\":\"#/$defs/a\"} | leads back to itself",
                "{\"type\":\"string\",\"pattern\":\"^[^\\\\x{0}-\\\\x{10FFFF}]$\"} | no text matches",
                "{\"$ref\":\"#/$defs/none\"} | which is not there",
                "{\"$ref\":\"other.json\"} | expected one inside the schema",
                "{\"not\":{\"type\":\"string\"}} | #/not is a keyword that is not followed",
                "{\"type\":\"object\",\"properties\":{\"x\":{\"if\":{}}}} | #/properties/x/if is a keyword",
                "{\"type\":\"object\",\"patternProperties\":{}} | patternProperties is a keyword",
                "{\"type\":\"array\",\"uniqueItems\":true} | uniqueItems is not followed",
                "{\"type\":\"objet\"} | #/type has \"objet\"",
                "{\"type\":\"string\",\"format\":\"regex\"} | has the format \"regex\"",
                "{\"type\":\"string\",\"pattern\":\"a\\\\b\"} | #/pattern",
                "{\"type\":\"string\",\"pattern\":\"a\",\"maxLength\":3} | say all in one pattern",
                "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]} | branches 0 and 1",
                "{\"oneOf\":[{\"enum\":[1]},{\"enum\":[1.0]}]} | branches 0 and 1",
                "{\"type\":\"object\",\"minProperties\":1,\"properties\":{\"a\":{}}} | minProperties or maxProperties",
                "{\"type\":\"string\",\"maxLength\":1000000} | expected at most 100000",
                "{\"type\":\"string\",\"maxLength\":-1} | expected a whole number",
                "{\"type\":\"number\",\"multipleOf\":0} | expected a number above 0",
                "{\"minLength\":1,\"minimum\":1} | say which with type",
                "{\"type\":\"array\",\"items\":[{}]} | use prefixItems",
                "{\"a\" | no JSON",
                "[] | expected a schema",
                "{\"type\":\"object\",\"type\":\"array\"} | no JSON",
            })
    void whatCannotBeFollowedIsNamed(String schema, String message) {
        assertThatThrownBy(() -> Walks.schema("storyteller", schema))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining(message);
    }

    @Test
    void hostileSchemasEndInAnError() {
        StringBuilder wide = new StringBuilder("{\"allOf\":[");
        for (int i = 0; i < 40; i++) {
            wide.append(i == 0 ? "" : ",").append("{\"anyOf\":[{\"minLength\":1},{\"minLength\":2}]}");
        }
        wide.append("]}");
        String deep = "{\"type\":\"array\",\"items\":".repeat(10_000) + "{}" + "}".repeat(10_000);
        String counts = "{\"type\":\"array\",\"minItems\":100000,\"items\":".repeat(4) + "{}" + "}".repeat(4);
        String ways = "{\"anyOf\":[" + "{\"minLength\":1},".repeat(900) + "{}]}";
        String branches = "{\"oneOf\":[" + (ways + ",").repeat(20) + ways + "]}";
        for (String schema : List.of(
                branches,
                "{\"allOf\":[" + "{},".repeat(300_000) + "{}]}",
                "{\"anyOf\":[" + "{},".repeat(300_000) + "{}]}",
                deep,
                "[".repeat(10_000),
                wide.toString(),
                counts,
                "{\"minimum\":1e999999999}",
                "\"" + "x".repeat(2_000_000) + "\"")) {
            assertThatThrownBy(() -> Walks.schema("storyteller", schema))
                    .as(schema.substring(0, Math.min(40, schema.length())))
                    .isInstanceOf(ConstraintException.class);
        }
    }

    @Test
    void textsMayBeNestedAsDeepAsTheyAreLong() {
        ConstraintState state = Walks.schema("storyteller", "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}")
                .start();
        int open = Walks.tokenizer("storyteller").encode("[")[0];
        for (int i = 0; i < 10_000; i++) {
            state = state.accept(open);
        }
        assertThat(state.mayEnd()).isFalse();
        assertThat(state.tokensToEnd()).isBetween(2000, 10_000);
        ConstraintState end = state;
        int left = state.tokensToEnd();
        for (int i = 0; i < 50; i++) {
            end = end.accept(end.allowedWithin(left--).nextSetBit(0));
        }
        assertThat(end.tokensToEnd()).isLessThanOrEqualTo(left);
    }

    @Test
    void emailAddressesAreAtomsAndADomain() {
        Constraint constraint =
                Walks.schema("storyteller", SCHEMAS.get("format email").toString());
        for (int seed = 0; seed < 100; seed++) {
            assertThat(Walks.text("storyteller", constraint, 20, new Random(seed)))
                    .matches("\"[\\w+-]+(\\.[\\w+-]+)*@[a-zA-Z0-9][a-zA-Z0-9-]*(\\.[a-zA-Z0-9][a-zA-Z0-9-]*)+\"");
        }
    }

    @Test
    void timesOfDayAreReadByJava() {
        Constraint constraint =
                Walks.schema("storyteller", SCHEMAS.get("format time").toString());
        for (int seed = 0; seed < 100; seed++) {
            String text = Walks.text("storyteller", constraint, 20, new Random(seed));
            assertThat(OffsetTime.parse(text.substring(1, text.length() - 1))).isNotNull();
        }
    }

    @Test
    void whitespaceHasABound() {
        Constraint constraint =
                Walks.schema("storyteller", SCHEMAS.get("person").toString());
        assertThat(Walks.takes("storyteller", constraint, "{\"name\":  \"Ann\",\"age\":7}"))
                .isFalse();
        assertThat(Walks.takes("storyteller", constraint, "{\n\"name\": \"Ann\",\"age\":7}"))
                .isFalse();
        assertThat(Walks.takes("storyteller", constraint, "{\"name\": \"Ann\",\"age\":7} "))
                .isFalse();
    }
}
