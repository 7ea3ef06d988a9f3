package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.tensor.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelVerificationTest {
    @TempDir
    Path temp;

    private final Configuration conf = new Configuration();
    private ModelStore store;
    private Path folder;

    @BeforeEach
    void tinyModel() throws IOException {
        store = new ModelStore((onnx, imported) -> {}, new ModelCache(temp.resolve("cache")));
        folder = TinyBert.write(temp.resolve("model"), 1);
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
    }

    @Test
    void aSoundFolderHasNoProblem() {
        ModelVerification found = verify("", TinyBert.VOCABULARY);

        assertThat(found.ok()).as(found.toString()).isTrue();
        assertThat(found.checks()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void anotherHashThanThePinnedIsAProblem() {
        String own = ref().sha256();

        assertThat(verify(own, 1).ok()).isTrue();
        assertThat(verify("0".repeat(64), 1).problems())
                .singleElement()
                .asString()
                .contains(own, "0".repeat(64), "pin");
    }

    @Test
    void aPinIsRefusedBeforeAJobUsesAnotherModel() {
        ModelRef ref = ref();

        ModelPins.of("").require(List.of(ref));
        ModelPins.of(ref.sha256().toUpperCase(java.util.Locale.ROOT)).require(List.of(ref));
        assertThatThrownBy(() -> ModelPins.of("a".repeat(64)).require(List.of(ref)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(ref.sha256());
        assertThatThrownBy(() -> ModelPins.of(ref.sha256()).require(List.of(ref, ref)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("1 hashes", "2 models");
        assertThatThrownBy(() -> ModelPins.of("abc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 hexadecimal digits");
    }

    @Test
    void aTokenizerOfAnotherModelIsAProblem() {
        assertThat(verify("", TinyBert.VOCABULARY + 1).problems())
                .singleElement()
                .asString()
                .contains("51 ids", "50", "different models");
    }

    @Test
    void configurationOfAnotherModelIsAProblem() throws IOException {
        String config = TinyBert.config("gelu");
        Files.writeString(
                folder.resolve("config.json"), config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
        assertThat(verify("", 1).problems()).singleElement().asString().contains("no layer 2");

        Files.writeString(folder.resolve("config.json"), config.replace("\"vocab_size\": 50", "\"vocab_size\": 51"));
        assertThat(verify("", 1).problems()).singleElement().asString().contains("[51, 16]");
    }

    @Test
    void weightsThatAreCutShortAreAProblem() throws IOException {
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 100));

        assertThat(verify("", 1).problems()).singleElement().asString().contains("damaged or cut short");
    }

    @Test
    void aLinkThatLeavesTheFolderIsRefusedUnlessItLeadsToTheCachesBlobs() throws IOException {
        Path elsewhere = Files.writeString(temp.resolve("secret.json"), "{}");
        Files.delete(folder.resolve("tokenizer.json"));
        Files.createSymbolicLink(folder.resolve("tokenizer.json"), elsewhere);
        assertThatThrownBy(() -> verify("", 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("link to")
                .hasMessageContaining("secret.json");

        Path snapshot = temp.resolve("models--a--b/snapshots/abc");
        Files.createDirectories(snapshot.getParent());
        Files.move(folder, snapshot);
        folder = snapshot;
        Path blob = Files.createDirectories(temp.resolve("models--a--b/blobs")).resolve("1");
        Files.writeString(blob, "{}");
        Files.delete(folder.resolve("tokenizer.json"));
        Files.createSymbolicLink(folder.resolve("tokenizer.json"), blob);
        assertThat(verify("", 1).ok()).isTrue();
    }

    @Test
    void inspectionSaysWhatTheModelIsAndWhoCanUseIt() throws IOException {
        Files.writeString(folder.resolve("pytorch_model.bin"), "pickle");
        ModelInspection found = ModelInspector.inspect(ref(), folder);

        assertThat(found.shape())
                .containsEntry("layers", 2L)
                .containsEntry("hidden", 16L)
                .containsEntry("vocabulary", 50L);
        assertThat(found.facts()).containsEntry("architecture", "bert").containsEntry("kind", "encoder");
        assertThat(found.dtypes()).containsOnlyKeys(DataType.FLOAT32);
        assertThat(found.parameters()).isGreaterThan(50 * 16);
        assertThat(found.servedJobs()).containsExactly("embed", "tokenize");
        assertThat(found.jobs().get("generate")).contains("encoder");
        assertThat(found.jobs().get("classify")).contains("ForSequenceClassification");
        assertThat(found.ignored()).containsExactly("pytorch_model.bin");
    }

    @Test
    void anArchitectureThatIsNotKnownIsToldNotThrown() throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                TinyBert.config("gelu").replace("bert\"", "martian\"").replace("BertModel", "Martian"));
        ModelInspection found = ModelInspector.inspect(ref(), folder);

        assertThat(found.servedJobs()).containsExactly("tokenize");
        assertThat(found.jobs().get("embed")).contains("martian", "supported are");
    }

    @Test
    void anImportIsWholeAndRecorded() throws IOException {
        Path copy = temp.resolve("copies/tiny");
        ModelRef made = new ModelImport(store, conf).copy(folder.toString(), copy.toString());

        assertThat(made.sha256()).isEqualTo(ref().sha256());
        try (var files = Files.list(copy)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json", ModelRecord.FILE);
        }
        try (var files = Files.list(copy.getParent())) {
            assertThat(files).containsExactly(copy);
        }
        ModelRef again = store.resolve(copy.toString(), conf);
        assertThat(again.sha256()).isEqualTo(made.sha256());
        assertThat(ModelVerification.of(again, copy, ModelPins.of(made.sha256()), path -> 1)
                        .ok())
                .isTrue();

        Files.writeString(copy.resolve("tokenizer.json"), "{ }");
        ModelRef changed = store.resolve(copy.toString(), conf);
        assertThat(ModelVerification.of(changed, copy, ModelPins.of(""), path -> 1)
                        .problems())
                .singleElement()
                .asString()
                .contains("tokenizer.json", made.sha256());
    }

    @Test
    void anImportLeavesADirectoryWithFilesAlone() throws IOException {
        Path copy = Files.createDirectories(temp.resolve("there"));
        Files.writeString(copy.resolve("mine"), "x");

        assertThatThrownBy(() -> new ModelImport(store, conf).copy(folder.toString(), copy.toString()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("not empty");
        assertThat(copy.resolve("mine")).hasContent("x");
    }

    @Test
    void aRepositoryOfADownloadCacheIsFoundByItsMainRevision() throws IOException {
        Path repository = temp.resolve("models--tiny");
        Files.createDirectories(repository.resolve("snapshots"));
        Files.move(folder, repository.resolve("snapshots/abc"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), "abc\n");

        new ModelImport(store, conf)
                .copy(repository.toString(), temp.resolve("copy").toString());
        assertThat(temp.resolve("copy/config.json")).exists();
    }

    private ModelRef ref() {
        return store.resolve(folder.toString(), conf);
    }

    private ModelVerification verify(String pin, int tokenizerIds) {
        return ModelVerification.of(ref(), folder, ModelPins.of(pin), path -> tokenizerIds);
    }
}
