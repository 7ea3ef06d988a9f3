package io.textloom.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonFieldsTest {
    private static final ObjectMapper JACKSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final JsonFields fields = new JsonFields(List.of("text", "id"));

    @Test
    void fieldsAreTakenWhereverTheyStand() {
        assertThat(
                        read(
                                " {\"id\" : \"7\", \"n\": [1, {\"text\": \"inner\"}], \"text\":\"a\\n\\u00e9\\ud83d\\ude00\\/\"} "))
                .isTrue();
        assertThat(value(0)).isEqualTo("a\né😀/");
        assertThat(value(1)).isEqualTo("7");
        assertThat(read("{}")).isTrue();
        assertThat(value(0)).isNull();
        assertThat(read("{\"text\": null, \"te\\u0078t\": \"escaped name\"}")).isTrue();
        assertThat(value(0)).isEqualTo("escaped name");
        assertThat(read("{\"text\": \"first\", \"text\": null}")).isTrue();
        assertThat(value(0)).isNull();
    }

    @Test
    void whatIsUnusualIsLeftToAFullParser() {
        for (String json : List.of(
                "",
                "[]",
                "{\"text\": 7}",
                "{\"text\": [\"a\"]}",
                "{'text': 'a'}",
                "{\"text\": \"a\"",
                "{\"text\": \"a\",}",
                "{\"text\": \"a\"} x",
                "{\"n\": 01}",
                "{\"n\": 1.}",
                "{\"n\": NaN}",
                "{\"n\": tru}",
                "{\"text\": \"\\ud83d\"}",
                "{\"text\": \"\\x\"}",
                "{\"text\": \"tab\there\"}",
                "{\"a\":".repeat(100) + "1" + "}".repeat(100))) {
            assertThat(read(json)).as(json).isFalse();
        }
    }

    @Property(tries = 3000)
    void whatIsReadIsWhatJacksonReads(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] json = mutated(object(random, 0).toString(), random);
        if (Texts.isUtf8(json) && fields.read(json)) {
            JsonNode expected = JACKSON.readTree(json);
            for (String name : List.of("text", "id")) {
                JsonNode field = expected.path(name);
                assertThat(value(name.equals("text") ? 0 : 1)).isEqualTo(field.isTextual() ? field.textValue() : null);
            }
        }
    }

    @Property(tries = 1000)
    void soundLinesOfStringsAreRead(@ForAll String text, @ForAll String id) throws JsonProcessingException {
        String json = JACKSON.writeValueAsString(
                JACKSON.createObjectNode().put("id", id).put("x", 1.5e-7).put("text", text));
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        assertThat(fields.read(utf8)).isTrue();
        assertThat(value(0)).isEqualTo(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = JACKSON.createObjectNode();
        String[] names = {"text", "id", "n", "te\"xt", "\u4e2d"};
        for (int i = random.nextInt(5); i >= 0; i--) {
            String name = names[random.nextInt(names.length)];
            switch (random.nextInt(depth > 2 ? 5 : 7)) {
                case 0 -> object.put(name, random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
                case 1 -> object.put(name, random.nextInt());
                case 2 -> object.put(name, random.nextBoolean());
                case 3 -> object.putNull(name);
                case 4 -> object.put(name, "a\\\"\n\t\u0001\u00e9\u4e2d\ud83d\ude00".substring(random.nextInt(8)));
                case 5 -> object.set(name, object(random, depth + 1));
                default -> object.putArray(name).add(1).add(object(random, depth + 1));
            }
        }
        return object;
    }

    /** A byte or two changed, dropped or doubled, half of the time. */
    private static byte[] mutated(String json, Random random) {
        StringBuilder text = new StringBuilder(json);
        String noise = "{}[],:\"\\ \t0123456789eE+-.truefalsn/u'";
        for (int i = random.nextInt(4) - 1; i > 0 && text.length() > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, noise.charAt(random.nextInt(noise.length())));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, noise.charAt(random.nextInt(noise.length())));
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private boolean read(String json) {
        return fields.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private @org.jspecify.annotations.Nullable String value(int field) {
        byte[] value = fields.value(field);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }
}
