package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that strangers made: no file outside of them is read, nothing is allocated by what they claim, and no code of theirs is run. */
class HostileFolderTest {
    @TempDir
    Path temp;

    private Path folder = Path.of("");

    @BeforeEach
    void tinyModel() throws IOException {
        folder = TinyBert.write(temp.resolve("model"), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"})
    void aLinkThatLeavesTheFolderIsRefused(String name) throws IOException {
        Path outside = temp.resolve("outside.json");
        Files.deleteIfExists(outside);
        if (Files.exists(folder.resolve(name))) {
            Files.move(folder.resolve(name), outside);
        } else {
            Files.writeString(outside, "{}");
        }
        Files.createSymbolicLink(folder.resolve(name), outside);
        assertThatThrownBy(() -> ModelFolder.open(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("outside of the model's folder");
        assertThatThrownBy(() -> new ModelStore((onnx, imported) -> {}).resolve(folder.toString(), new Configuration()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("outside of the model's folder");
    }

    @Test
    void aLinkedDirectoryOfTemplatesIsRefused() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("a.jinja"), "x");
        Files.createSymbolicLink(folder.resolve("additional_chat_templates"), outside);
        refused("outside of the model's folder");
    }

    @Test
    void linksOfADownloadCacheAreFollowed() throws IOException {
        Path blobs = Files.createDirectories(temp.resolve("hub/models--a--b/blobs"));
        Path snapshot = Files.createDirectories(temp.resolve("hub/models--a--b/snapshots/0123"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.move(folder.resolve(name), blobs.resolve(name + "-blob"));
            Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", name + "-blob"));
        }
        assertThat(ModelFolder.open(snapshot).weights()).isPresent();
        Path otherModel =
                Files.createDirectories(temp.resolve("hub/models--c/blobs")).resolve("x");
        Files.writeString(otherModel, "{}");
        Files.createSymbolicLink(snapshot.resolve("tokenizer.json"), otherModel);
        assertThatThrownBy(() -> ModelFolder.open(snapshot)).hasMessageContaining("outside of the model's folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../other", "/etc", "a/../../b", "..", "a\\\\b", "file:/etc"})
    void aModuleOutsideOfTheFolderIsRefused(String path) throws IOException {
        Files.writeString(
                folder.resolve("modules.json"), "[{\"path\": \"" + path + "\", \"type\": \"models.Pooling\"}]");
        refused("not a plain path inside its folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.safetensors", "/tmp/model.safetensors", "a/b.safetensors", ".hidden", ""})
    void aShardOutsideOfTheFolderIsRefused(String shard) throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"a\": \"" + shard + "\"}}");
        refused("folder");
    }

    @Test
    void aTensorInTwoShardsIsRefused() throws IOException {
        Files.move(folder.resolve("model.safetensors"), folder.resolve("a.safetensors"));
        Files.copy(folder.resolve("a.safetensors"), folder.resolve("b.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"x\": \"a.safetensors\", \"y\": \"b.safetensors\"}}");
        refused("stands in two shards");
    }

    @Test
    void picklesAreNeverReadAndTheErrorSaysWhatToDo() throws IOException {
        Files.move(folder.resolve("model.safetensors"), folder.resolve("pytorch_model.bin"));
        refused("pytorch_model.bin is never read");
        refused("safe_serialization=True");
    }

    @Test
    void codeOfAFolderIsIgnored() throws IOException {
        String config = Files.readString(folder.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                config.replaceFirst("\\{", "{\"auto_map\": {\"AutoModel\": \"modeling_evil.Model\"},"));
        Files.writeString(folder.resolve("modeling_evil.py"), "raise SystemExit");
        assertThat(ModelFolder.open(folder).architecture()).isEqualTo(Architecture.BERT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num_hidden_layers | 2147483647",
                "num_hidden_layers | 2.5",
                "num_hidden_layers | \"2\"",
                "num_hidden_layers | 1e999",
                "hidden_size | 2147483644",
                "vocab_size | -1",
                "vocab_size | 99999999999999999999",
                "max_position_embeddings | 2147483647",
                "type_vocab_size | [2]",
                "layer_norm_eps | 1e400",
                "layer_norm_eps | NaN",
                "hidden_act | 7",
                "is_decoder | \"false\"",
                "num_attention_heads | null"
            })
    void numbersThatAreNoneAreRefused(String key, String value) throws IOException {
        String config = Files.readString(folder.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                config.replaceFirst("\\{", "{\"" + key + "_\": 0,")
                        .replaceAll("\"" + key + "\": [^,}]+", "\"" + key + "\": " + value)
                        .replaceFirst("\\{", key.equals("is_decoder") ? "{\"is_decoder\": " + value + "," : "{"));
        assertThatThrownBy(() -> ModelFolder.open(folder).encoderSpec()).isInstanceOf(ModelException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral", "qwen2", "modernbert", "gpt_neo"})
    void manyLayersAreRefusedBeforeAnyIsMade(String type) throws IOException {
        String[] names = {
            "hidden_size",
            "num_attention_heads",
            "num_heads",
            "intermediate_size",
            "vocab_size",
            "max_position_embeddings"
        };
        StringBuilder config = new StringBuilder(
                "{\"model_type\": \"" + type
                        + "\", \"num_hidden_layers\": 2000000000, \"num_layers\": 2, \"attention_types\": [[[\"global\"], 2000000000]]");
        for (String name : names) {
            config.append(", \"").append(name).append("\": 8");
        }
        Files.writeString(folder.resolve("config.json"), config + "}");
        assertThatThrownBy(() -> ModelFolder.open(folder).encoderSpec())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("2000000000");
    }

    @Test
    void hugeAndDeepFilesAreRefused() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("tokenizer_config.json").toFile(), "rw")) {
            file.setLength(1L << 32);
        }
        assertThatThrownBy(() -> ModelFolder.open(folder).tokenizerConfig())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("4294967296 bytes long");
        Files.writeString(folder.resolve("generation_config.json"), "[".repeat(100) + "]".repeat(100));
        assertThatThrownBy(() -> ModelFolder.open(folder).generationConfig()).isInstanceOf(ModelException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}, 'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}",
                "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]}}",
                "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}, 'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]}}",
                "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}",
                "{'a': {'dtype': 'F32', 'shape': [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2], 'data_offsets': [0, 8]}}"
            })
    void tensorsThatDoNotTileTheirFileAreRefused(String header) throws IOException {
        byte[] json = header.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        java.nio.ByteBuffer file =
                java.nio.ByteBuffer.allocate(8 + json.length + 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        Files.write(
                folder.resolve("model.safetensors"),
                file.putLong(json.length).put(json).array());
        assertThatThrownBy(() -> Safetensors.read(folder.resolve("model.safetensors")))
                .isInstanceOf(ModelException.class);
    }

    @Test
    void whatIsWrittenTilesItsFile() throws IOException {
        Safetensors.write(folder.resolve("b.safetensors"), TinyBert.weights(3), Map.of("a", "b"));
        assertThat(Safetensors.read(folder.resolve("b.safetensors"))).hasSizeGreaterThan(20);
    }

    private void refused(String message) {
        assertThatThrownBy(() -> ModelFolder.open(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }
}
