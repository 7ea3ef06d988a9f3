package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.token.file.NotCovered;
import io.textloom.token.file.Pipelines;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that lies is a {@link TokenizerException} or a tokenizer that works; nothing else comes out, whatever was changed in a sound one. */
class HostileTokenizerFileTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> NAMES =
            List.of("llama2", "xlm-roberta", "bert-cased", "llama3", "parts", "t5", "albert", "added-bytes");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1",
            "3.5",
            "2147483647",
            "4294967296",
            "1e308",
            "-1e308",
            "1e999",
            "99999999999999999999999",
            "\"\"",
            "\"a\"",
            "\"▁\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"[UNK]\"",
            "\"never\"",
            "[]",
            "{}",
            "[[]]",
            "[1]",
            "{\"type\":\"Sequence\"}",
            "{\"type\":\"Fuse\"}",
            "{\"Regex\":\"(a|aa)+b\"}",
            "{\"Regex\":\"\\\\s+\"}",
            "{\"String\":\"\"}",
            "[\"a\",\"b\"]",
            "{\"a\":0}",
            "[".repeat(200) + "]".repeat(200),
            "\"" + "x".repeat(100_000) + "\"");

    @TempDir
    Path folder;

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void changedBytes(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = sound(random);
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        assertTokenizerOrException(bytes);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void missingEndAndRepeatedMiddle(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = sound(random);
        int from = random.nextInt(bytes.length);
        int to = from + random.nextInt(bytes.length - from);
        assertTokenizerOrException(Arrays.copyOf(bytes, from));
        byte[] twice = new byte[bytes.length + to - from];
        System.arraycopy(bytes, 0, twice, 0, to);
        System.arraycopy(bytes, from, twice, to, bytes.length - from);
        assertTokenizerOrException(twice);
    }

    /** Every field of every part gets values of other types and sizes. */
    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void changedValues(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        JsonNode root = MAPPER.readTree(sound(random));
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            change(root, random);
        }
        assertTokenizerOrException(MAPPER.writeValueAsBytes(root));
    }

    @Test
    void aGigabyteOfSpacesIsRefusedUnread() throws IOException {
        Path json = folder.resolve("spaces.json");
        try (RandomAccessFile file = new RandomAccessFile(json.toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        assertThatThrownBy(() -> Tokenizers.open(json))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("1073741824 bytes long");
    }

    @Test
    void theReasonIsNamed() throws IOException {
        assertRefused("[1]", "expected a JSON object");
        assertRefused("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":0},\"merges\":[]}}", "have the same id 0");
        assertRefused(
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":2722254},\"merges\":[]}}",
                "the largest id is 2722254 for 2 tokens");
        assertRefused(
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[\"a b\"]}}",
                "needs the token \"ab\"");
        assertRefused(
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":99999999999},\"merges\":[]}}", "has the id 99999999999");
        assertRefused(
                "{\"model\":{\"type\":\"Unigram\",\"unk_id\":7,\"vocab\":[[\"a\",0.5]]}}",
                "unknown token has the id 7");
        assertRefused("{\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}", "");
        assertRefused(
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]},\"normalizer\":"
                        + "{\"type\":\"Sequence\",\"normalizers\":[".repeat(90) + "]}".repeat(90) + "}",
                "at most 64 levels");
    }

    /** The reference's engine ends the process on some of these; nothing of them reaches it, whatever else the file asks for. */
    @Test
    void aPartThatIsNotCoveredDoesNotHideALie() throws IOException {
        String notCovered = "\"pre_tokenizer\":{\"type\":\"UnicodeScripts\"},";
        String model = "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}";
        assertRefused(
                "{" + notCovered + "\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"},"
                        + model + "}",
                "charsmap");
        assertRefused(
                "{" + notCovered + "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[\"a b\"]}}",
                "needs the token");
        assertRefused(
                "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"\"},"
                        + "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"?\"}]}," + model + "}",
                "");
    }

    private void assertRefused(String json, String reason) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, json);
        assertThatThrownBy(() -> Tokenizers.open(file))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] sound(Random random) throws IOException {
        Path folder = Files.createTempDirectory("sound");
        Path json = Vocabularies.write(NAMES.get(random.nextInt(NAMES.size())), folder);
        byte[] bytes = Files.readAllBytes(json);
        Files.delete(json);
        Files.delete(folder);
        return bytes;
    }

    private static void change(JsonNode root, Random random) throws IOException {
        List<JsonNode> containers = new ArrayList<>();
        JsonNode from = random.nextInt(3) == 0 ? root : part(root, random);
        collect(from, containers);
        JsonNode chosen = containers.get(random.nextInt(containers.size()));
        JsonNode value = value(random);
        if (chosen instanceof ArrayNode array && !array.isEmpty()) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.set(at, value);
                case 1 -> array.remove(at);
                default -> array.add(array.get(at));
            }
        } else if (chosen instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        }
    }

    /** A value of the table; numbers that Java cannot hold become the largest that it can. */
    private static JsonNode value(Random random) throws IOException {
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return value.equals("1e999") ? MAPPER.getNodeFactory().numberNode(Double.MAX_VALUE) : MAPPER.readTree(value);
    }

    private static JsonNode part(JsonNode root, Random random) {
        List<String> names = new ArrayList<>();
        root.fieldNames().forEachRemaining(names::add);
        JsonNode part = root.path(names.get(random.nextInt(names.size())));
        return part.isContainerNode() ? part : root;
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode() && containers.size() < 2000) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static void assertTokenizerOrException(byte[] json) throws IOException {
        Path folder = Files.createTempDirectory("hostile");
        Path file = folder.resolve("tokenizer.json");
        Files.write(file, json);
        try {
            Pipelines.read(file);
            use(file);
        } catch (NotCovered e) {
            assertThat(e).hasMessageContaining(" "); // the reference's engine takes it, which this test is not about
        } catch (IOException | IllegalArgumentException e) {
            assertThatThrownBy(() -> Tokenizers.open(file)).isInstanceOf(TokenizerException.class);
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }

    private static void use(Path file) {
        HostileText texts = new HostileText(3);
        try (Tokenizer tokenizer = Tokenizers.open(file)) {
            for (int i = 0; i < 20; i++) {
                byte[] text = (texts.next() + " <s> The 12 foxes\u0301.").getBytes(StandardCharsets.UTF_8);
                Tokens tokens = new Tokens();
                try (TokenEncoder encoder = tokenizer.encoder()) {
                    encoder.encodeWithOffsets(text, 0, text.length, tokens);
                    encoder.encode(text, 0, text.length, tokens);
                    tokenizer.decode(tokens.ids(), 0, tokens.size());
                } catch (TokenizerException e) {
                    assertThat(e).hasMessageContaining("failed on a text");
                }
            }
        }
    }
}
