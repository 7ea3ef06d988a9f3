package io.textloom.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelImport;
import io.textloom.model.ModelStore;
import io.textloom.model.WordVectorFormat;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.text.RejectCode;
import io.textloom.token.LongDocuments;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of word vectors, imported and served as any other model. */
class WordVectorEmbeddingTest {
    private static final List<String> WORDS = List.of("the", "king", "don't", "café", "rode");
    private static final float[][] VECTORS = {{1, 0}, {0, 2}, {-3, 1}, {0.5f, 0.25f}, {1e-8f, 4}};

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"words.vec", "words.txt", "words.bin", "words.vec.gz", "words.bin.gz"})
    void everyFormatGivesTheSameVectors(String name) throws IOException {
        Path folder = imported(name);

        List<EmbedOutcome> outcomes = embed(
                folder,
                options(PoolingOption.MODEL, NormalizeOption.MODEL, false),
                "The King, the king!",
                "DON’T rode café",
                "unheard of: rode");
        assertThat(vector(outcomes.get(0))).containsExactly(0.5f, 1f);
        assertThat(vector(outcomes.get(1))).containsExactly(new float[] {-2.5f / 3, 5.25f / 3}, within(1e-6f));
        ChunkVector partly = chunk(outcomes.get(2));
        assertThat(partly.vector()).containsExactly(VECTORS[4]);
        assertThat(partly.tokens()).isEqualTo(1);
        assertThat(partly.unknown()).isEqualTo(2);
        assertThat(partly.truncated()).isFalse();
    }

    @Test
    void aTextWithoutAKnownWordIsRejectedAndDoesNotDisturbOthers() throws IOException {
        List<EmbedOutcome> outcomes = embed(
                imported("words.vec"),
                options(PoolingOption.MODEL, NormalizeOption.TRUE, false),
                "nothing familiar",
                "king",
                "nothing familiar",
                "?!");
        for (int i : new int[] {0, 2}) {
            assertThat(outcomes.get(i))
                    .isInstanceOfSatisfying(
                            EmbedOutcome.Rejected.class,
                            rejected -> assertThat(rejected.rejection().code()).isEqualTo(RejectCode.UNKNOWN_WORDS));
        }
        assertThat(vector(outcomes.get(1))).containsExactly(0, 1);
        assertThat(outcomes.get(3))
                .isInstanceOfSatisfying(
                        EmbedOutcome.Rejected.class,
                        rejected -> assertThat(rejected.rejection().code()).isEqualTo(RejectCode.EMPTY_TEXT));
    }

    @ParameterizedTest
    @EnumSource(Combine.class)
    void windowsWithoutAKnownWordAreLeftOut(Combine combine) throws IOException {
        EmbedOptions options = new EmbedOptions(
                PoolingOption.MODEL,
                List.of(-1),
                false,
                NormalizeOption.MODEL,
                2,
                0,
                LongDocuments.CHUNK,
                combine,
                0,
                "",
                Precision.FLOAT32,
                VectorType.FLOAT32,
                0);
        EmbedOutcome outcome = embed(imported("words.vec"), options, "king unheard of these king the")
                .get(0);

        List<ChunkVector> chunks = ((EmbedOutcome.Embedded) outcome).chunks();
        assertThat(chunks).hasSize(combine == Combine.NONE ? 2 : 1);
        for (int i = 0; i < chunks.size(); i++) {
            assertThat(chunks.get(i).chunkIndex()).isEqualTo(i);
            assertThat(chunks.get(i).truncated()).isFalse();
        }
        assertThat(chunks.get(0).unknown()).isEqualTo(3);
    }

    @Test
    void otherPoolingsAndTokenVectorsAreThoseOfTheWords() throws IOException {
        Path folder = imported("words.bin");
        assertThat(vector(embed(folder, options(PoolingOption.MAX, NormalizeOption.FALSE, false), "the king x")
                        .get(0)))
                .containsExactly(1, 2);
        ChunkVector tokens =
                chunk(embed(folder, options(PoolingOption.NONE, NormalizeOption.FALSE, true), "king x don't")
                        .get(0));
        assertThat(tokens.tokenVectors().orElseThrow().vectors()).containsExactly(0, 2, 0, 0, -3, 1);
        assertThat(tokens.tokenVectors().orElseThrow().start(2)).isEqualTo(7);
        assertThatThrownBy(() -> embed(folder, options(PoolingOption.CLS, NormalizeOption.FALSE, false), "king"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("embed.pooling is cls");
    }

    @Test
    void phrasesHaveTheirOwnVector() throws IOException {
        Path folder = imported("words.vec");
        // the king → rode, of which nothing is said to a tokenizer
        Files.writeString(folder.resolve("phrases.tsv"), "1\t0\t1\t4\tthe_king\n2\t4\t4\t3\tthe_king_rode\n");
        assertThat(vector(embed(folder, options(PoolingOption.MODEL, NormalizeOption.FALSE, false), "the king don't")
                        .get(0)))
                .containsExactly(new float[] {(-3 + 1e-8f) / 2, 2.5f}, within(1e-6f));
        assertThat(vector(embed(folder, options(PoolingOption.MODEL, NormalizeOption.FALSE, false), "the king rode")
                        .get(0)))
                .containsExactly(VECTORS[3]);

        // 5 has no vector: unknown words alone, or a phrase that falls apart
        Files.writeString(folder.resolve("phrases.tsv"), "1\t0\t1\t5\tthe_king\n2\t5\t2\t4\tthe_king_don't\n");
        ChunkVector apart =
                chunk(embed(folder, options(PoolingOption.MODEL, NormalizeOption.FALSE, true), "the king café")
                        .get(0));
        assertThat(apart.vector()).containsExactly(new float[] {1.5f / 3, 2.25f / 3}, within(1e-6f));
        assertThat(apart.unknown()).isZero();
        assertThat(apart.tokenVectors().orElseThrow().vectors()).containsExactly(1, 0, 0, 2, 0.5f, 0.25f);
        assertThat(vector(embed(folder, options(PoolingOption.MODEL, NormalizeOption.FALSE, false), "the king don't")
                        .get(0)))
                .containsExactly(VECTORS[4]);

        Files.writeString(folder.resolve("phrases.tsv"), "1\t0\t1\t99\tx\n");
        assertThatThrownBy(() -> embed(folder, options(PoolingOption.MODEL, NormalizeOption.FALSE, false), "king"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the id 99 of 6");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "2",
                "0 3\n",
                "2 2\na 1 2\n",
                "1 2\na 1\n",
                "1 2\na 1 x\n",
                "1 2\na 1 NaN\n",
                "2 1\na 1\na 2\n",
                "99999999999 2\n",
                "1 1\n<unk> 3\n"
            })
    void damagedFilesAreRefused(String content) throws IOException {
        Path file = Files.writeString(dir.resolve("bad.vec"), content);
        Path target = dir.resolve("model");
        assertThatThrownBy(() -> importer().copy(file.toString(), target.toString()))
                .isInstanceOf(ModelException.class);
        assertThat(target).doesNotExist();
        assertThat(Files.list(dir)).containsExactly(file);
    }

    @Test
    void aWordMayHoldSpacesAndCapitalsAreKeptWhereTheFileHasThem() throws IOException {
        Path file = Files.writeString(dir.resolve("cased.vec"), "3 1\nNew York 1\nthe 2\nThe 3\n");
        importer().copy(file.toString(), dir.resolve("cased").toString());
        EmbedOptions plain = options(PoolingOption.MODEL, NormalizeOption.FALSE, false);
        assertThat(vector(embed(dir.resolve("cased"), plain, "The").get(0))).containsExactly(3);
        assertThat(vector(embed(dir.resolve("cased"), plain, "the").get(0))).containsExactly(2);
    }

    private Path imported(String name) throws IOException {
        Path file = dir.resolve(name);
        WordVectorFormat format = name.contains(".bin") ? WordVectorFormat.BINARY : WordVectorFormat.TEXT;
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
            int[] next = {0};
            format.write(out, WORDS.size(), 2, WORDS::get, row -> System.arraycopy(VECTORS[next[0]++], 0, row, 0, 2));
        }
        Path folder = dir.resolve("model");
        importer().copy(file.toString(), folder.toString());
        return folder;
    }

    private static ModelImport importer() {
        ModelStore store = ModelLeases.store();
        return new ModelImport(store, new Configuration());
    }

    private static List<EmbedOutcome> embed(Path folder, EmbedOptions options, String... texts) {
        ModelFolder model = ModelFolder.open(folder);
        try (EmbeddingModel opened = EmbeddingModel.open(model, options, Tokenizers.open(model.tokenizer()));
                Embedder embedder = new Embedder(opened)) {
            return embedder.embed(List.of(texts), new EmbedStats());
        }
    }

    private static ChunkVector chunk(EmbedOutcome outcome) {
        return ((EmbedOutcome.Embedded) outcome).chunks().get(0);
    }

    private static float[] vector(EmbedOutcome outcome) {
        return chunk(outcome).vector();
    }

    private static EmbedOptions options(PoolingOption pooling, NormalizeOption normalize, boolean tokens) {
        return new EmbedOptions(
                pooling,
                List.of(-1),
                tokens,
                normalize,
                0,
                0,
                LongDocuments.CHUNK,
                Combine.NONE,
                0,
                "",
                Precision.FLOAT32,
                VectorType.FLOAT32,
                0);
    }
}
