package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders from before tokenizer.json. */
class VocabularyFilesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path temporary;

    /** Golden values come from vocabulary_files_goldens.py. */
    @Test
    void foldersOpenAsTheReferenceOpensThem() throws IOException {
        int folders = 0;
        for (String line : Files.readAllLines(GOLDEN.resolve("vocabulary-files.jsonl"))) {
            JsonNode row = MAPPER.readTree(line);
            Path folder = write(row, Files.createDirectory(temporary.resolve("f" + folders++)));
            try (Tokenizer tokenizer = Tokenizers.open(folder);
                    TokenEncoder encoder = tokenizer.encoder()) {
                assertThat(tokenizer.specialTokens())
                        .isEqualTo(new SpecialTokens(numbers(row.path("before")), numbers(row.path("after"))));
                for (JsonNode text : row.path("texts")) {
                    assertAgrees(text, tokenizer, encoder);
                }
            }
        }
        assertThat(folders).isEqualTo(9);
    }

    private static void assertAgrees(JsonNode text, Tokenizer tokenizer, TokenEncoder encoder) {
        Tokens tokens = new Tokens();
        encoder.encodeWithOffsets(text.path("text").asText(), tokens);
        List<Integer> ids = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            ids.add(tokens.id(i));
            offsets.addAll(List.of(tokens.start(i), tokens.end(i)));
        }
        assertThat(ids).as(text.path("text").asText()).isEqualTo(numbers(text.path("ids")));
        assertThat(offsets).as(text.path("text").asText()).isEqualTo(numbers(text.path("offsets")));
        assertThat(tokenizer.decode(tokens.ids(), 0, tokens.size()))
                .isEqualTo(text.path("decoded").asText());
    }

    @Test
    void aTokenizerJsonGoesBeforeTheOlderFiles() throws IOException {
        Files.writeString(temporary.resolve("vocab.txt"), "[UNK]\na\n");
        Files.writeString(
                temporary.resolve("tokenizer.json"),
                "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":5},\"unk_token\":\"a\"}}");
        try (Tokenizer tokenizer = Tokenizers.open(temporary)) {
            assertThat(tokenizer.encode("a")).containsExactly(5);
        }
    }

    @Test
    void whatIsWrongWithAFolderIsNamed() throws IOException {
        assertRefused(Map.of(), "has no tokenizer.json");
        assertRefused(Map.of("vocab.txt", ""), "vocab.txt is empty");
        assertRefused(
                Map.of("vocab.txt", "a\n", "config.json", "{\"model_type\":\"mpnet\"}"),
                "\"mpnet\"; expected one of Bert");
        assertRefused(
                Map.of("vocab.txt", "a\n", "config.json", "{\"model_type\":\"gpt2\"}"), "expected vocab.txt for Bert");
        assertRefused(
                Map.of("vocab.txt", "a\n", "tokenizer_config.json", "{\"do_lower_case\":\"yes\"}"),
                "expected true or false");
        assertRefused(Map.of("vocab.txt", "a\n", "tokenizer_config.json", "[]"), "tokenizer_config.json is no object");
        assertRefused(
                Map.of("vocab.txt", "a\n", "tokenizer_config.json", "{\"cls_token\":7}"), "the setting cls_token is 7");
        assertRefused(
                Map.of("vocab.json", "{\"a\":0}", "merges.txt", "#version: 0.2\na\n"),
                "in merges.txt the merge 1 is \"a\"");
        assertRefused(Map.of("vocab.json", "[\"a\"]", "merges.txt", "\n"), "in vocab.json");
    }

    private void assertRefused(Map<String, String> files, String reason) throws IOException {
        Path folder = Files.createTempDirectory(temporary, "wrong");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        assertThatThrownBy(() -> Tokenizers.open(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(reason);
    }

    /** The vocabulary of a small tokenizer in the older files, and the settings of the row. */
    private static Path write(JsonNode row, Path folder) throws IOException {
        JsonNode model = MAPPER.readTree(
                        GOLDEN.resolve("tokenizers/" + row.path("vocabulary").asText() + ".json")
                                .toFile())
                .path("model");
        if (model.path("type").asText().equals("WordPiece")) {
            List<Map.Entry<String, JsonNode>> words = new ArrayList<>();
            model.path("vocab").fields().forEachRemaining(words::add);
            words.sort(Comparator.comparingInt(word -> word.getValue().asInt()));
            Files.write(
                    folder.resolve("vocab.txt"),
                    words.stream().map(Map.Entry::getKey).toList());
        } else {
            Files.writeString(folder.resolve("vocab.json"), model.path("vocab").toString());
            List<String> merges = new ArrayList<>(List.of("#version: 0.2"));
            model.path("merges")
                    .forEach(pair ->
                            merges.add(pair.get(0).asText() + " " + pair.get(1).asText()));
            Files.write(folder.resolve("merges.txt"), merges);
        }
        row.path("files").fields().forEachRemaining(file -> {
            try {
                Files.writeString(folder.resolve(file.getKey()), file.getValue().toString());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return folder;
    }

    private static List<Integer> numbers(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asInt()));
        return numbers;
    }
}
