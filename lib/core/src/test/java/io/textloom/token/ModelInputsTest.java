package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the Hugging Face library's own truncation, windows and templates. */
class ModelInputsTest {
    private static final String QUESTION = "Who went down to the river that evening?";
    private static final String PASSAGE =
            "The old miller went down to the river with his lantern, and the youngest of the three sisters followed him.";

    private static Path file;
    private static Tokenizer tokenizer;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        file = Vocabularies.write("minilm", folder);
        tokenizer = Tokenizers.open(file);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @ParameterizedTest
    @CsvSource({"64, 0", "12, 0", "12, 3", "9, 6", "3, 0"})
    void windowsOfOneSequenceAreTheReferences(int maxTokens, int stride) throws IOException {
        Tokens tokens = encoded(PASSAGE);
        List<ModelInput> ours = new ModelInputs(tokenizer)
                .single(tokens, new Truncation(maxTokens, stride, TruncationStrategy.LONGEST_FIRST, false));
        assertSame(ours, reference("longest_first", maxTokens, stride).encode(PASSAGE, true, true));
        assertThat(ours.get(0).dropped()).isEqualTo(Math.max(0, tokens.size() - (maxTokens - 2)));
    }

    @ParameterizedTest
    @CsvSource({
        "LONGEST_FIRST, 64, 0",
        "LONGEST_FIRST, 24, 0",
        "LONGEST_FIRST, 24, 4",
        "LONGEST_FIRST, 13, 2",
        "ONLY_FIRST, 32, 2",
        "ONLY_SECOND, 24, 5",
        "ONLY_SECOND, 14, 0"
    })
    void windowsOfAPairAreTheReferences(TruncationStrategy strategy, int maxTokens, int stride) throws IOException {
        List<ModelInput> ours = new ModelInputs(tokenizer)
                .pair(encoded(QUESTION), encoded(PASSAGE), new Truncation(maxTokens, stride, strategy, false));
        String name = strategy.name().toLowerCase(java.util.Locale.ROOT);
        assertSame(ours, reference(name, maxTokens, stride).encode(QUESTION, PASSAGE, true, true));
    }

    @Test
    void theEndIsKeptFromTheLeft() {
        Tokens tokens = encoded(PASSAGE);
        ModelInput kept = new ModelInputs(tokenizer)
                .single(tokens, new Truncation(7, 0, TruncationStrategy.LONGEST_FIRST, true))
                .get(0);
        assertThat(Arrays.copyOfRange(kept.ids(), 1, 6)).isEqualTo(tokens.copyOfIds(tokens.size() - 5, tokens.size()));
        assertThat(kept.positions()[1]).isEqualTo(tokens.size() - 5);
    }

    @Test
    void noRoomIsAnErrorThatNamesTheRemedy() {
        ModelInputs inputs = new ModelInputs(tokenizer);
        Tokens passage = encoded(PASSAGE);
        assertThatThrownBy(() -> inputs.single(passage, Truncation.to(2))).hasMessageContaining("raise the limit");
        assertThatThrownBy(() -> inputs.single(passage, new Truncation(6, 4, TruncationStrategy.LONGEST_FIRST, false)))
                .hasMessageContaining("lower the stride");
        assertThatThrownBy(() -> inputs.pair(
                        passage, encoded(QUESTION), new Truncation(10, 0, TruncationStrategy.ONLY_SECOND, false)))
                .hasMessageContaining("longest-first");
    }

    private static Tokens encoded(String text) {
        Tokens tokens = new Tokens();
        try (TokenEncoder encoder = tokenizer.encoder()) {
            encoder.encode(text, tokens);
        }
        return tokens;
    }

    private static HuggingFaceTokenizer reference(String strategy, int maxTokens, int stride) throws IOException {
        HuggingFaceTokenizer.Builder builder = HuggingFaceTokenizer.builder()
                .optTokenizerPath(file)
                .optPadding(false)
                .optMaxLength(maxTokens)
                .optStride(stride);
        return switch (strategy) {
            case "only_first" -> builder.optTruncateFirstOnly().build();
            case "only_second" -> builder.optTruncateSecondOnly().build();
            default -> builder.optTruncation(true).build();
        };
    }

    private static void assertSame(List<ModelInput> ours, Encoding reference) {
        List<Encoding> all = new ArrayList<>();
        all.add(reference);
        all.addAll(List.of(reference.getOverflowing()));
        assertThat(ours.stream().map(i -> Arrays.toString(i.ids())))
                .containsExactlyElementsOf(
                        all.stream().map(e -> Arrays.toString(e.getIds())).toList());
        assertThat(ours.stream().map(i -> Arrays.toString(i.typeIds())))
                .containsExactlyElementsOf(
                        all.stream().map(e -> Arrays.toString(e.getTypeIds())).toList());
    }
}
