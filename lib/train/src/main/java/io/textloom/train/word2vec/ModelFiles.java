package io.textloom.train.word2vec;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.model.Safetensors;
import io.textloom.model.WordVectorFormat;
import io.textloom.model.WordVectorSpec;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.TrainingFolder;
import io.textloom.token.train.TokenizerFiles;
import io.textloom.token.train.WordLevelFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The trained vectors as a folder that {@code embed --model} takes, and in the formats that other libraries read. */
final class ModelFiles {
    static final String TEXT = "vectors.txt";
    static final String BINARY = "vectors.bin";
    static final String CURVE = "_textloom/curve.tsv";

    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Which files a training writes; config.json first, so that a folder that is cleared is no model. */
    static final List<String> ALL = List.of(
            CONFIG,
            WEIGHTS,
            TokenizerFiles.TOKENIZER,
            WordVectorSpec.COUNTS,
            WordVectorSpec.PHRASES,
            TEXT,
            BINARY,
            CURVE);

    private final TrainWord2VecOptions options;
    private final Prepared prepared;
    private final VectorTable table;

    ModelFiles(TrainWord2VecOptions options, Prepared prepared, VectorTable table) {
        this.options = options;
        this.prepared = prepared;
        this.table = table;
    }

    /** @return file → sha-256 */
    SortedMap<String, String> write(TrainingFolder folder, List<CurvePoint> curve) {
        SortedMap<String, String> hashes = new TreeMap<>();
        hashes.put(WEIGHTS, folder.write(WEIGHTS, this::weights));
        hashes.put(
                TokenizerFiles.TOKENIZER,
                folder.write(
                        TokenizerFiles.TOKENIZER,
                        out -> WordLevelFile.write(
                                out, prepared.texts.length, id -> prepared.texts[id], options.lowercase())));
        hashes.put(WordVectorSpec.COUNTS, folder.write(WordVectorSpec.COUNTS, this::counts));
        if (!prepared.phrases.isEmpty()) {
            hashes.put(WordVectorSpec.PHRASES, folder.write(WordVectorSpec.PHRASES, this::phrases));
        }
        for (WordVectorFormat format : WordVectorFormat.values()) {
            String name = format == WordVectorFormat.TEXT ? TEXT : BINARY;
            hashes.put(
                    name,
                    folder.write(
                            name,
                            out -> format.write(
                                    out, prepared.words(), table.dimensions, id -> prepared.texts[id], rows())));
        }
        hashes.put(CURVE, folder.write(CURVE, out -> curve(out, curve)));
        hashes.put(CONFIG, folder.write(CONFIG, this::config));
        return hashes;
    }

    /** The vectors in the order of their ids, then zeros for ids without one. */
    private Safetensors.Rows rows() {
        return new Safetensors.Rows() {
            private int id;

            @Override
            public void next(float[] row) {
                if (id < table.words) {
                    System.arraycopy(table.input, id * table.dimensions, row, 0, table.dimensions);
                } else {
                    Arrays.fill(row, 0);
                }
                id++;
            }
        };
    }

    private void weights(OutputStream out) throws IOException {
        Safetensors.writeMatrix(
                out,
                WordVectorSpec.VECTORS,
                prepared.texts.length + 1,
                table.dimensions,
                rows(),
                Map.of("format", "pt"));
    }

    private void counts(OutputStream out) throws IOException {
        Writer lines = writer(out);
        for (int id = 0; id < prepared.words(); id++) {
            lines.write(prepared.texts[id] + "\t" + prepared.counts[id] + "\n");
        }
        lines.flush();
    }

    private void phrases(OutputStream out) throws IOException {
        Writer lines = writer(out);
        for (int[] phrase : prepared.phrases) {
            for (int number : phrase) {
                lines.write(number + "\t");
            }
            lines.write(prepared.texts[phrase[phrase.length - 1]] + "\n");
        }
        lines.flush();
    }

    private static void curve(OutputStream out, List<CurvePoint> curve) throws IOException {
        Writer lines = writer(out);
        lines.write("epoch\twords\tlearning_rate\tloss\twords_per_second\n");
        for (CurvePoint point : curve) {
            lines.write(String.format(
                    Locale.ROOT,
                    "%d\t%d\t%.6f\t%.6f\t%.0f\n",
                    point.epoch(),
                    point.words(),
                    point.learningRate(),
                    point.loss(),
                    point.wordsPerSecond()));
        }
        lines.flush();
    }

    private static Writer writer(OutputStream out) {
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    private void config(OutputStream out) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("model_type", WordVectorSpec.MODEL_TYPE);
        json.putArray("architectures").add("Word2Vec");
        json.put("hidden_size", table.dimensions);
        json.put("num_words", prepared.words());
        json.put("vocab_size", prepared.texts.length + 1);
        json.put(
                "objective", options.objective().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.put("window", options.window());
        json.put("negative", options.negative());
        json.put("sample", options.sample());
        json.put("epochs", options.epochs());
        json.put("lowercase", options.lowercase());
        json.put("torch_dtype", "float32");
        out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
