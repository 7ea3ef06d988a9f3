package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.tensor.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void tinyModel() throws IOException {
        folder = TinyBert.write(temp.resolve("model"), 1);
    }

    @Test
    void readsTheShapeOfTheModel() {
        ModelFolder model = ModelFolder.open(folder);
        assertThat(model.architecture()).isEqualTo(Architecture.BERT);
        assertThat(model.encoderSpec())
                .isEqualTo(new BertSpec(BertSpec.Family.BERT, 16, 2, 4, 24, 50, 40, 0, 2, 0, 1e-12f, Activation.GELU));
        assertThat(model.weights()
                        .orElseThrow()
                        .get("embeddings.LayerNorm.bias")
                        .shape())
                .containsExactly(16L);
        assertThat(model.sentence().pooling()).isEqualTo(Pooling.MEAN);
        assertThat(model.sentence().normalize()).isFalse();
    }

    @Test
    void readsWhatSentenceTransformersSaves() throws IOException {
        write("modules.json", """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]""");
        write("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");
        write("sentence_bert_config.json", "{\"max_seq_length\": 30}");
        write("tokenizer_config.json", "{\"model_max_length\": 1000000000000000019884624838656}");
        write(
                "config_sentence_transformers.json",
                "{\"prompts\": {\"query\": \"q: \"}, \"default_prompt_name\": null}");
        ModelFolder model = ModelFolder.open(folder);
        assertThat(model.sentence().pooling()).isEqualTo(Pooling.CLS);
        assertThat(model.sentence().normalize()).isTrue();
        assertThat(model.sentence().prompts()).containsEntry("query", "q: ");
        assertThat(model.sentence().defaultPrompt()).isEmpty();
        assertThat(model.maxTokens(40)).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"pooling_mode_lasttoken\": true, \"pooling_mode_mean_tokens\": false | LAST",
                "\"pooling_mode_mean_sqrt_len_tokens\": true | MEAN_SQRT_LEN",
                "\"pooling_mode_max_tokens\": true | MAX",
                "\"word_embedding_dimension\": 16 | MEAN",
                "\"pooling_mode\": \"lasttoken\" | LAST",
                "\"pooling_mode\": \"mean_sqrt_len_tokens\" | MEAN_SQRT_LEN",
                "\"pooling_mode\": [\"cls\"] | CLS"
            })
    void everyWayToNameAPoolingIsRead(String config, Pooling pooling) throws IOException {
        pooling(config);
        assertThat(ModelFolder.open(folder).sentence().pooling()).isEqualTo(pooling);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"pooling_mode_weightedmean_tokens\": true | pooling weightedmean",
                "\"pooling_mode\": \"weightedmean\" | pooling weightedmean",
                "\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true | asks for [cls, mean]",
                "\"pooling_mode\": [\"mean\", \"max\"] | asks for [max, mean]"
            })
    void poolingsThatTextloomLacksAreRefused(String config, String message) throws IOException {
        pooling(config);
        refused(folder, message, "lasttoken");
    }

    @Test
    void aDecoderWithoutPoolingFilesIsPooledByItsLastToken() throws IOException {
        write(
                "config.json",
                "{\"model_type\": \"gpt2\", \"n_embd\": 16, \"n_layer\": 1, \"n_head\": 2, \"n_positions\": 8, \"vocab_size\": 9}");
        assertThat(ModelFolder.open(folder).sentence().pooling()).isEqualTo(Pooling.LAST);
        pooling("\"pooling_mode_mean_tokens\": true");
        assertThat(ModelFolder.open(folder).sentence().pooling()).isEqualTo(Pooling.MEAN);
    }

    @Test
    void aPromptThatWouldHaveToBeLeftOutOfTheMeanIsRefused() throws IOException {
        pooling("\"pooling_mode_mean_tokens\": true, \"include_prompt\": false");
        SentenceSettings settings = ModelFolder.open(folder).sentence();
        settings.checkPrompt("", Pooling.MEAN);
        settings.checkPrompt("query: ", Pooling.LAST);
        assertThatThrownBy(() -> settings.checkPrompt("query: ", Pooling.MEAN))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("include_prompt false")
                .hasMessageContaining("query: ");
        pooling("\"pooling_mode_mean_tokens\": true");
        ModelFolder.open(folder).sentence().checkPrompt("query: ", Pooling.MEAN);
    }

    @Test
    void anUnknownArchitectureIsToldWhatIsSupported() throws IOException {
        write("config.json", TinyBert.config("gelu").replace("\"bert\"", "\"t5\""));
        for (String supported : List.of(
                "bert",
                "roberta",
                "xlm-roberta",
                "distilbert",
                "mpnet",
                "modernbert",
                "gpt2",
                "gpt_neo",
                "openai-gpt",
                "llama",
                "mistral",
                "qwen2",
                "qwen3")) {
            refused(folder, '"' + supported + '"');
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 40", "30, 20, 30", "0, 20, 20", "99, 20, 40", "0, 1e30, 40"})
    void theSmallestLimitThatTheFolderNamesCounts(int sentence, String tokenizer, int expected) throws IOException {
        write("sentence_bert_config.json", "{\"max_seq_length\": " + (sentence == 0 ? "null" : sentence) + "}");
        write("tokenizer_config.json", "{\"model_max_length\": " + tokenizer + "}");
        assertThat(ModelFolder.open(folder).maxTokens(40)).isEqualTo(expected);
    }

    @Test
    void missingPartsAreNamedWithTheirRemedy() throws IOException {
        refused(temp.resolve("nowhere"), "There is no model folder", "built-in");
        Files.delete(folder.resolve("model.safetensors"));
        refused(folder, "has no weights", "model.safetensors");
        write("pytorch_model.bin", "");
        refused(folder, "safe_serialization");
        Files.delete(folder.resolve("config.json"));
        refused(folder, "has no config.json");
        assertThatThrownBy(() -> ModelFolder.open(TinyBert.write(temp.resolve("other"), 1))
                        .tokenizer())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("has no tokenizer.json");
    }

    @Test
    void anOlderVocabularyIsOpenedByItsFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("tokenizer.json"));
        write("vocab.txt", "[UNK]\n");
        assertThat(ModelFolder.open(folder).tokenizer())
                .isEqualTo(ModelFolder.open(folder).path());
        write("tokenizer.json", "{}");
        assertThat(ModelFolder.open(folder).tokenizer().getFileName()).hasToString("tokenizer.json");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"model_type\": \"bert\"', '\"model_type\": \"t5\"', onnx/model.onnx",
        "'\"hidden_size\": 16', '\"hidden_size\": 18', heads to divide",
        "'\"hidden_size\": 16,', '', hidden_size missing",
        "'\"num_hidden_layers\": 2', '\"num_hidden_layers\": 0', num_hidden_layers 0",
        "'\"vocab_size\": 50', '\"vocab_size\": \"50\"', vocab_size",
        "'\"hidden_act\": \"gelu\"', '\"hidden_act\": \"mish\"', supported are gelu",
        "'\"type_vocab_size\": 2', '\"position_embedding_type\": \"relative_key\"', absolute",
        "'{\"model_type\"', '{{', JSON"
    })
    void configurationsThatDoNotFitAreRefused(String from, String to, String message) throws IOException {
        write("config.json", TinyBert.config("gelu").replace(from, to));
        assertThatThrownBy(() -> ModelFolder.open(folder).encoderSpec())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    @Test
    void modulesThatTextloomLacksAreRefused() throws IOException {
        write("modules.json", "[{\"path\": \"2_Dense\", \"type\": \"sentence_transformers.models.Dense\"}]");
        refused(folder, "Dense", "supported are");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/etc", "a/../../b", "a\\\\b", "file:x", "a//b"})
    void noPathLeavesTheFolder(String path) throws IOException {
        write("modules.json", "[{\"path\": \"" + path + "\", \"type\": \"sentence_transformers.models.Pooling\"}]");
        refused(folder, "not a plain path inside its folder");
        write("modules.json", "[]");
        Files.delete(folder.resolve("model.safetensors"));
        write("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"" + path + "\"}}");
        assertThatThrownBy(() -> ModelFolder.open(folder)).isInstanceOf(ModelException.class);
    }

    @Test
    void aShardThatIsMissingIsNamed() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        write("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}");
        refused(folder, "model-00001-of-00002.safetensors");
        write("model.safetensors.index.json", "{}");
        refused(folder, "names no shard");
    }

    private void pooling(String config) throws IOException {
        write("modules.json", "[{\"path\": \"1_Pooling\", \"type\": \"sentence_transformers.models.Pooling\"}]");
        write("1_Pooling/config.json", "{" + config + "}");
    }

    private void write(String name, String content) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), content);
    }

    private static void refused(Path folder, String... messages) {
        for (String message : messages) {
            assertThatThrownBy(() -> ModelFolder.open(folder))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(message);
        }
    }
}
