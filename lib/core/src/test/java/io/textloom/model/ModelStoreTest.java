package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag$;

class ModelStoreTest {
    @TempDir
    Path temp;

    private final Configuration hadoop = new Configuration();
    private Path cache;
    private Path folder;
    private ModelStore store;

    @BeforeEach
    void tinyModel() throws IOException {
        hadoop.set("fs.stub.impl", StubFileSystem.class.getName());
        hadoop.set("fs.stub.impl.disable.cache", "true");
        cache = temp.resolve("cache");
        store = new ModelStore((onnx, imported) -> {}, new ModelCache(cache));
        folder = TinyBert.write(temp.resolve("model"), 1);
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("README.md"), "not needed to run");
    }

    @Test
    void theHashIsThatOfTheFilesThatMatter() throws IOException {
        ModelRef first = store.resolve(folder.toString(), hadoop);
        assertThat(first.files())
                .extracting(ModelFile::path)
                .containsExactly("config.json", "model.safetensors", "tokenizer.json");
        Files.writeString(folder.resolve("README.md"), "changed");
        assertThat(store.resolve("stub://" + folder, hadoop).sha256()).isEqualTo(first.sha256());
        Files.writeString(folder.resolve("tokenizer.json"), "{ }");
        assertThat(store.resolve(folder.toString(), hadoop).sha256()).isNotEqualTo(first.sha256());
    }

    @Test
    void chatTemplatesMatterWhereverTheyLie() throws IOException {
        Path more = Files.createDirectory(folder.resolve("additional_chat_templates"));
        Files.writeString(folder.resolve("chat_template.json"), "{\"chat_template\": \"{{ messages }}\"}");
        Files.writeString(more.resolve("tool_use.jinja"), "{{ tools }}");
        Files.writeString(more.resolve("notes.txt"), "not needed to run");
        ModelRef ref = store.resolve("stub://" + folder, hadoop);
        Path copy = store.localise(ref, hadoop).path();
        assertThat(copy.resolve("chat_template.json")).exists();
        assertThat(copy.resolve("additional_chat_templates/tool_use.jinja")).hasContent("{{ tools }}");
        assertThat(copy.resolve("additional_chat_templates/notes.txt")).doesNotExist();
        Files.writeString(more.resolve("tool_use.jinja"), "{{ tool }}");
        assertThat(store.resolve(folder.toString(), hadoop).sha256()).isNotEqualTo(ref.sha256());
    }

    @Test
    void aLocalFolderIsUsedInPlace() {
        ModelFolder model = store.localise(store.resolve(folder.toString(), hadoop), hadoop);
        assertThat(model.path()).isEqualTo(folder);
        assertThat(cache).doesNotExist();
    }

    @Test
    void aLocalFolderThatIsNotThereOrChangedIsExplained() throws IOException {
        ModelRef ref = store.resolve(folder.toString(), hadoop);
        Files.writeString(folder.resolve("tokenizer.json"), "longer than before");
        assertThatThrownBy(() -> store.localise(ref, hadoop))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tokenizer.json");
        Files.move(folder, temp.resolve("moved"));
        assertThatThrownBy(() -> store.localise(ref, hadoop))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("does not exist on this machine")
                .hasMessageContaining("share");
    }

    @Test
    void aTokenizerAloneIsAModelForTokenizing() throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.delete(folder.resolve(file));
        }
        for (String place : List.of(folder.toString(), "stub://" + folder)) {
            ModelRef ref = store.resolve(place, hadoop);
            assertThat(ref.files()).extracting(ModelFile::path).containsExactly("tokenizer.json");
            assertThat(ref.isTokenizer()).isTrue();
            assertThat(store.localiseTokenizer(ref, hadoop)).hasSameTextualContentAs(folder.resolve("tokenizer.json"));
            assertThat(ModelProvenance.of(ref, store, hadoop).configSha256()).isEmpty();
            assertThatThrownBy(() -> store.localise(ref, hadoop))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("has no config.json");
            ModelInspection inspection = ModelInspector.inspect(ref, folder);
            assertThat(inspection.jobs().get("tokenize")).isEmpty();
            assertThat(inspection.jobs().get("embed")).contains("has no config.json");
        }
    }

    @Test
    void aRemoteFolderIsCopiedOnce() throws IOException {
        ModelRef ref = store.resolve("stub://" + folder, hadoop);
        ModelFolder first = store.localise(ref, hadoop);
        assertThat(first.path()).isEqualTo(cache.resolve(ref.sha256()));
        assertThat(first.path().resolve("README.md")).doesNotExist();
        FileTime copied = Files.getLastModifiedTime(first.path().resolve("config.json"));
        ModelCache.delete(folder);
        assertThat(store.localise(ref, hadoop).path()).isEqualTo(first.path());
        assertThat(Files.getLastModifiedTime(first.path().resolve("config.json")))
                .isEqualTo(copied);
    }

    @Test
    void aDamagedCopyIsMadeAgain() throws IOException {
        ModelRef ref = store.resolve("stub://" + folder, hadoop);
        Path weights = store.localise(ref, hadoop).path().resolve("model.safetensors");
        byte[] good = Files.readAllBytes(weights);
        byte[] bad = good.clone();
        bad[bad.length - 1] ^= 1;
        Files.write(weights, bad);
        store.localise(ref, hadoop);
        assertThat(Files.readAllBytes(weights)).isEqualTo(good);
    }

    @Test
    void aSourceThatChangedIsRefusedAndLeavesNothing() throws IOException {
        ModelRef ref = store.resolve("stub://" + folder, hadoop);
        Files.writeString(folder.resolve("tokenizer.json"), "[]");
        assertThatThrownBy(() -> store.localise(ref, hadoop))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("sha-256");
        try (Stream<Path> left = Files.list(cache)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    @Test
    void leftoversOfKilledProcessesAreRemoved() throws IOException {
        ModelRef ref = store.resolve("stub://" + folder, hadoop);
        Path leftover = Files.createDirectories(cache.resolve(ref.sha256() + ".tmp123"));
        Files.writeString(leftover.resolve("config.json"), "half");
        store.localise(ref, hadoop);
        assertThat(leftover).doesNotExist();
    }

    @Test
    void manyAtATimeGetOneWholeCopy() throws Exception {
        ModelRef ref = store.resolve("stub://" + folder, hadoop);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Future<Path>> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            ModelStore own = new ModelStore((onnx, imported) -> {}, new ModelCache(cache));
            all.add(pool.submit(() -> own.localise(ref, hadoop).path()));
        }
        for (Future<Path> path : all) {
            assertThat(path.get()).isEqualTo(cache.resolve(ref.sha256()));
        }
        pool.shutdown();
        try (Stream<Path> entries = Files.list(cache)) {
            assertThat(entries.filter(Files::isDirectory)).hasSize(1);
        }
    }

    @Test
    void namesThatAreNoModelListWhatThereIs() {
        assertThatThrownBy(() -> store.resolve("sentence-transformers/none", hadoop))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("all-MiniLM-L6-v2")
                .hasMessageContaining("nothing is downloaded");
        assertThatThrownBy(() -> store.importTo("none", temp.resolve("x")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("bge-small-zh-v1.5");
    }

    @Test
    void aBuiltinIsImportedOnceAndVerified() throws IOException {
        List<Path> verified = new ArrayList<>();
        ModelStore counting = new ModelStore((onnx, imported) -> verified.add(imported.path()), new ModelCache(cache));
        ModelRef ref = counting.resolve("bge-small-zh-v1.5", hadoop);
        ModelFolder model = counting.localise(ref, hadoop);
        assertThat(counting.resolve("BGE-small-zh-v1.5", hadoop).sha256()).isEqualTo(ref.sha256());
        assertThat(verified).hasSize(1);
        assertThat(model.sentence().prompts()).containsKey("query");
        assertThat(model.encoderSpec().hidden()).isEqualTo(512);
        JsonNode tokenizer = Json.read(model.tokenizer());
        assertThat(tokenizer.path("padding").isNull()).isTrue();
        assertThat(tokenizer.path("truncation").isNull()).isTrue();
        assertThat(tokenizer.path("normalizer").path("lowercase").booleanValue())
                .as("as tokenizer_config.json says")
                .isEqualTo(model.tokenizerConfig().path("do_lower_case").booleanValue());
        Files.delete(model.path().resolve("model.safetensors"));
        assertThat(counting.localise(ref, hadoop).weights()).isPresent();
        assertThat(verified).hasSize(2);
    }

    @Test
    void aFailedImportLeavesNothing() throws IOException {
        ModelStore strict = new ModelStore(
                (onnx, imported) -> {
                    throw new ModelException("differs");
                },
                new ModelCache(cache));
        assertThatThrownBy(() -> strict.importTo("bge-small-zh-v1.5", temp.resolve("out")))
                .hasMessage("differs");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void aReferenceTravelsByJavaAndKryo() throws Exception {
        ModelRef ref = store.resolve(folder.toString(), hadoop);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(ref);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(ref);
        }
        SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
        ByteBuffer written = kryo.serialize(ref, ClassTag$.MODULE$.apply(ModelRef.class));
        Object read = kryo.deserialize(written, ClassTag$.MODULE$.apply(ModelRef.class));
        assertThat(read).isEqualTo(ref);
    }

    @Test
    void aReferenceNamesNoFileOutsideItsFolder() {
        String hash = "0".repeat(64);
        for (String path : List.of("../x", "/x", "a/../x", "", "a\\b")) {
            assertThatThrownBy(() -> new ModelFile(path, 1, hash)).isInstanceOf(ModelException.class);
        }
        assertThatThrownBy(() -> new ModelFile("x", 1, "abc")).isInstanceOf(ModelException.class);
    }
}
