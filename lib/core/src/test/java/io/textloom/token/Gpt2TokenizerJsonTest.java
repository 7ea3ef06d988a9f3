package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Gpt2TokenizerJsonTest {
    @TempDir
    Path folder;

    @Test
    void holdsGpt2sVocabulary() throws IOException {
        Path json = folder.resolve("tokenizer.json");
        Gpt2TokenizerJson.write(json);
        JsonNode model = new ObjectMapper().readTree(json.toFile()).get("model");
        assertThat(model.get("vocab")).hasSize(50_257);
        assertThat(model.get("merges")).hasSize(50_000);
        assertThat(model.get("merges").get(0).asText()).isEqualTo("Ġ t");
        assertThat(model.get("merges").get(49_999).asText()).isEqualTo("Ġg azed");
        assertThat(model.get("vocab").get("<|endoftext|>").asInt()).isEqualTo(50_256);
        try (Tokenizer tokenizer = new DjlTokenizer(json)) {
            assertThat(tokenizer.encode("Hello world")).containsExactly(15496, 995);
        }
    }

    @Test
    void itsMergesGiveTheIdsOfTheRanks() throws IOException {
        Path json = folder.resolve("tokenizer.json");
        Gpt2TokenizerJson.write(json);
        Encoding ranks = Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
        List<String> texts = Files.readAllLines(Path.of("../../scripts/sample/corpus.jsonl"));
        try (Tokenizer tokenizer = new DjlTokenizer(json)) {
            for (String text : texts) {
                assertThat(tokenizer.encode(text))
                        .as(text)
                        .isEqualTo(ranks.encodeOrdinary(text).toArray());
            }
            Random random = new Random(5);
            for (int i = 0; i < 3000; i++) {
                String word = random.ints(1 + random.nextInt(40), ' ', 0x250)
                        .filter(Character::isLetter)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                assertThat(tokenizer.encode(word))
                        .as(word)
                        .isEqualTo(ranks.encodeOrdinary(word).toArray());
            }
        }
    }
}
