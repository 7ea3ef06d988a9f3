package io.textloom.token.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vocabularies and merges of Hugging Face's trainer: golden/bpe-trainer.jsonl, by trainer_goldens.py, tokenizers 0.23.3; equal, no tolerance. {@code -Dgolden.trainer=FILE} reads others. */
class BpeGoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFAULT_FILE = "src/test/resources/golden/bpe-trainer.jsonl";

    record Case(
            String name,
            Map<String, Long> words,
            TrainTokenizerOptions options,
            List<String> tokens,
            List<TokenPair> merges) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() throws IOException {
        List<String> lines = Files.readAllLines(Path.of(System.getProperty("golden.trainer", DEFAULT_FILE)));
        assertThat(JSON.readTree(lines.get(0)).get("tokenizers").asText()).isEqualTo("0.23.3");
        List<Case> cases = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            cases.add(read(JSON.readTree(line)));
        }
        assertThat(cases).hasSize(JSON.readTree(lines.get(0)).get("cases").asInt());
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsHuggingFacesTrainer(Case golden) {
        TrainedTokenizer trained =
                TokenizerType.BPE.train(WordsOf.counts(golden.words()), golden.options(), TrainProgress.SILENT);

        assertThat(trained.vocabulary()).isEqualTo(golden.tokens());
        assertThat(trained.merges()).isEqualTo(golden.merges());
    }

    private static Case read(JsonNode line) {
        Map<String, Long> words = new TreeMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> i = line.get("words").fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> word = i.next();
            words.put(word.getKey(), word.getValue().asLong());
        }
        List<TokenPair> merges = new ArrayList<>();
        for (JsonNode merge : line.get("merges")) {
            merges.add(new TokenPair(merge.get(0).asText(), merge.get(1).asText()));
        }
        TrainTokenizerOptions options = new TrainTokenizerOptions(
                TokenizerType.BPE,
                line.get("vocabSize").asInt(),
                line.get("minFrequency").asInt(),
                false,
                texts(line.get("specialTokens")),
                0,
                line.get("maxTokenLength").asInt(),
                1024);
        return new Case(line.get("name").asText(), words, options, texts(line.get("tokens")), merges);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
