package io.textloom.token.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFilesTest {
    @TempDir
    Path directory;

    @Test
    void bytePairsOpenAsAGpt2Tokenizer() throws IOException {
        TrainedTokenizer trained = TokenizerType.BPE.train(
                WordsOf.counts(Map.of("the", 3L, " the", 9L, " café", 4L)),
                new TrainTokenizerOptions(
                        TokenizerType.BPE, 270, 2, false, List.of("<pad>", "<|endoftext|>"), 0, 0, 1024),
                TrainProgress.SILENT);
        try (Tokenizer tokenizer = open(trained)) {
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(trained.vocabulary().size());
            assertThat(tokenizer.encode("the the<|endoftext|> café"))
                    .containsExactly(ids(trained, "the", "Ġthe", "<|endoftext|>", "ĠcafÃ©"));
            assertThat(tokenizer.specialTokens().before()).isEmpty();
            int[] unseen = tokenizer.encode("\u8336 zig\n");
            assertThat(tokenizer.decode(unseen, 0, unseen.length)).isEqualTo("\u8336 zig\n");
        }
        JsonNode config = json("tokenizer_config.json");
        assertThat(config.get("eos_token").asText()).isEqualTo("<|endoftext|>");
        assertThat(config.get("tokenizer_class").asText()).isEqualTo("PreTrainedTokenizerFast");
        assertThat(json("special_tokens_map.json").get("bos_token").asText()).isEqualTo("<|endoftext|>");
    }

    @Test
    void wordPiecesOpenAsABertTokenizer() throws IOException {
        TrainedTokenizer trained = TokenizerType.WORDPIECE.train(
                WordsOf.counts(Map.of("the", 3L, "cafe", 4L, ".", 2L)),
                new TrainTokenizerOptions(TokenizerType.WORDPIECE, 30, 2, true, List.of(), 0, 0, 1024),
                TrainProgress.SILENT);
        try (Tokenizer tokenizer = open(trained)) {
            assertThat(tokenizer.encode("The Café, the[SEP]."))
                    .containsExactly(ids(trained, "the", "cafe", "[UNK]", "the", "[SEP]", "."));
            assertThat(tokenizer.specialTokens().before()).containsExactly(2);
            assertThat(tokenizer.specialTokens().after()).containsExactly(3);
        }
        assertThat(json("special_tokens_map.json").get("mask_token").asText()).isEqualTo("[MASK]");
    }

    @Test
    void aCasedVocabularySaysSo() throws IOException {
        TrainedTokenizer trained = TokenizerType.WORDPIECE.train(
                WordsOf.counts(Map.of("The", 3L, "thé", 3L)),
                new TrainTokenizerOptions(TokenizerType.WORDPIECE, 30, 2, false, List.of(), 0, 0, 1024),
                TrainProgress.SILENT);
        try (Tokenizer tokenizer = open(trained)) {
            assertThat(tokenizer.encode("The thé the")).startsWith(ids(trained, "The", "thé"));
        }
    }

    private Tokenizer open(TrainedTokenizer trained) throws IOException {
        for (Map.Entry<String, byte[]> file : TokenizerFiles.of(trained).entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
        return Tokenizers.open(directory.resolve(TokenizerFiles.TOKENIZER));
    }

    private JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(directory.resolve(name).toFile());
    }

    private static int[] ids(TrainedTokenizer trained, String... tokens) {
        return List.of(tokens).stream().mapToInt(trained.vocabulary()::indexOf).toArray();
    }
}
