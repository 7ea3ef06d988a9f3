package io.textloom.token.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordLevelFileTest {
    private static final String TEXT =
            "The CAFÉ’s 3½ ﬁsh — don't-know, naïve_x; 北京是 大! ''quoted'' e\u0301te\u0301 rock'n'roll 𝔘nicode\u200b.\t\nEnd";

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wordsInTrainingAreThoseOfTheFileAndOfTheReference(boolean lowercase) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<Integer> expected = new ArrayList<>();
        byte[] utf8 = TEXT.getBytes(StandardCharsets.UTF_8);
        WordSplitters.words(lowercase).split(utf8, 0, utf8.length, (bytes, from, to) -> {
            String word = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            expected.add(ids.computeIfAbsent(word, w -> ids.size()));
        });
        Path file = write(List.copyOf(ids.keySet()), lowercase);

        try (Tokenizer ours = Tokenizers.open(file);
                HuggingFaceTokenizer reference = HuggingFaceTokenizer.newInstance(file)) {
            assertThat(ours.getClass().getSimpleName()).isEqualTo("NativeTokenizer");
            assertThat(ours.encode(TEXT))
                    .containsExactly(expected.stream().mapToInt(i -> i).toArray());
            assertThat(reference.encode(TEXT).getIds())
                    .containsExactly(expected.stream().mapToLong(i -> i).toArray());
            assertThat(ours.encode("unheard")).containsExactly(ids.size());
        }
        assertThat(ids)
                .containsKeys(
                        lowercase ? "café's" : "CAFÉ's", "fish", "don't", "know", "北", "rock'n'roll", "été", "quoted")
                .doesNotContainKeys("—", "_", "'");
    }

    private Path write(List<String> words, boolean lowercase) throws IOException {
        Path file = dir.resolve("tokenizer.json");
        try (OutputStream out = Files.newOutputStream(file)) {
            WordLevelFile.write(out, words.size(), words::get, lowercase);
        }
        return file;
    }
}
