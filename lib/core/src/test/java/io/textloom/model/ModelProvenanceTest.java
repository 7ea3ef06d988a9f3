package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelProvenanceTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final ModelStore store = new ModelStore((onnx, folder) -> {});

    @TempDir
    Path dir;

    @Test
    void theRevisionIsWhatTheFolderSays() throws IOException {
        assertThat(of(folder(dir.resolve("plain"), "")).revision()).isEmpty();
        assertThat(of(folder(dir.resolve("stated"), ", \"_commit_hash\": \"" + COMMIT + "\""))
                        .revision())
                .isEqualTo(COMMIT);
        assertThat(of(folder(dir.resolve("models--a--b/snapshots/" + COMMIT), ""))
                        .revision())
                .isEqualTo(COMMIT);
        Path downloaded = folder(dir.resolve("downloaded"), "");
        Path note = downloaded.resolve(".cache/huggingface/download/config.json.metadata");
        Files.createDirectories(note.resolveSibling("."));
        Files.writeString(note, COMMIT + "\netag\n0\n");
        assertThat(of(downloaded).revision()).isEqualTo(COMMIT);
    }

    @Test
    void theTokenizersHashIsOfItsFilesAlone() throws IOException {
        Path one = folder(dir.resolve("one"), "");
        Path two = folder(dir.resolve("two"), ", \"x\": 1");
        assertThat(of(one).tokenizerSha256()).hasSize(64).isEqualTo(of(two).tokenizerSha256());
        assertThat(of(one).configSha256()).isNotEqualTo(of(two).configSha256());
        Files.writeString(two.resolve("tokenizer.json"), "{\"other\": 1}");
        assertThat(of(one).tokenizerSha256()).isNotEqualTo(of(two).tokenizerSha256());
    }

    @Test
    void factsAreThoseOfTheConfig() throws IOException {
        assertThat(of(folder(dir.resolve("facts"), "")).facts())
                .containsEntry("architecture", "BertModel")
                .containsEntry("hidden_size", "8")
                .doesNotContainKey("vocab_size");
    }

    private ModelProvenance of(Path folder) {
        Configuration conf = new Configuration();
        return ModelProvenance.of(store.resolve(folder.toString(), conf), store, conf);
    }

    private static Path folder(Path folder, String more) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"), "{\"architectures\": [\"BertModel\"], \"hidden_size\": 8" + more + "}");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("model.safetensors"), "none");
        return folder;
    }
}
