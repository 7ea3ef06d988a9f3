package io.textloom.train.elmo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.model.ElmoSpec;
import io.textloom.model.Safetensors;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainElmoOptions;
import io.textloom.spark.train.TrainingFolder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The trained net as a folder that {@code embed --model} takes. */
final class ModelFiles {
    static final String CURVE = "_textloom/curve.tsv";
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";

    /** What a training writes; config.json first, so that a folder that is cleared is no model. */
    static final List<String> ALL = Stream.concat(
                    Stream.of(CONFIG, WEIGHTS, CURVE), Preparation.OF_A_TOKENIZER.stream())
            .toList();

    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelFiles() {}

    /** @return file → sha-256 */
    static SortedMap<String, String> write(
            TrainingFolder folder,
            SortedMap<String, byte[]> tokenizer,
            Parameters parameters,
            LayerMix mix,
            TrainElmoOptions options,
            List<CurvePoint> curve) {
        SortedMap<String, String> hashes = new TreeMap<>();
        hashes.put(WEIGHTS, folder.write(WEIGHTS, out -> weights(out, parameters)));
        tokenizer.forEach((name, bytes) -> hashes.put(name, folder.write(name, out -> out.write(bytes))));
        hashes.put(CURVE, folder.write(CURVE, out -> curve(out, curve)));
        hashes.put(CONFIG, folder.write(CONFIG, out -> config(out, parameters.shape, mix, options)));
        return hashes;
    }

    private static void weights(OutputStream out, Parameters parameters) throws IOException {
        Map<String, Safetensors.FloatTensor> tensors = new LinkedHashMap<>();
        for (Shape.Part part : parameters.shape.parts()) {
            float[] values = new float[Math.toIntExact(part.size())];
            parameters.get(part.name()).read(values, 0);
            List<Long> shape = part.rank() == 1
                    ? List.of((long) part.columns())
                    : List.of((long) part.rows(), (long) part.columns());
            tensors.put(part.name(), new Safetensors.FloatTensor(values, shape));
        }
        Safetensors.write(out, tensors, Map.of("format", "pt"));
    }

    private static void config(OutputStream out, Shape shape, LayerMix mix, TrainElmoOptions options)
            throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("model_type", ElmoSpec.MODEL_TYPE);
        json.putArray("architectures").add("Elmo");
        json.put("hidden_size", 2 * shape.dimensions());
        json.put("lstm_size", shape.dimensions());
        json.put("num_hidden_layers", Shape.LAYERS);
        json.put("vocab_size", shape.vocabulary());
        ArrayNode weights = json.putArray("layer_weights");
        for (double weight : mix.weights()) {
            weights.add(weight);
        }
        json.put("gamma", mix.scale());
        json.put("dropout", options.dropout());
        json.put("torch_dtype", "float32");
        out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private static void curve(OutputStream out, List<CurvePoint> curve) throws IOException {
        Writer lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        lines.write("epoch\ttokens\tlearning_rate\tloss\theld_out_loss\ttokens_per_second\n");
        for (CurvePoint point : curve) {
            lines.write(String.format(
                    Locale.ROOT,
                    "%d\t%d\t%.6f\t%.6f\t%.6f\t%.0f\n",
                    point.epoch(),
                    point.words(),
                    point.learningRate(),
                    point.loss(),
                    point.heldOutLoss(),
                    point.wordsPerSecond()));
        }
        lines.flush();
    }
}
