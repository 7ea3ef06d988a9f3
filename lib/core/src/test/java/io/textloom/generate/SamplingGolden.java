package io.textloom.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.constrain.ConstraintOptions;
import io.textloom.tensor.CounterRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the golden files of sampling, whose generator says how their logits are made. */
final class SamplingGolden {
    private static final Path FOLDER = Path.of("src/test/resources/golden/sampling");

    private SamplingGolden() {}

    /** The rows after the line of metadata. */
    static List<JsonNode> rows(String file, int expected) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(FOLDER.resolve(file))) {
            rows.add(new ObjectMapper().readTree(line));
        }
        if (rows.size() != expected + 1) {
            throw new IllegalStateException(file + " has " + rows.size() + " lines; expected " + (expected + 1));
        }
        return rows.subList(1, rows.size());
    }

    static float[] logits(int vocabulary, long seed, double spread) {
        float[] logits = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            double sum = 0;
            for (int j = 0; j < 4; j++) {
                sum += CounterRandom.uniform(seed, 4L * i + j);
            }
            logits[i] = (float) ((sum - 2) * spread);
        }
        return logits;
    }

    /** Options by the names they have in transformers. */
    static SamplingOptions options(JsonNode given, boolean sampled) {
        Map<Integer, Double> bias = new HashMap<>();
        given.path("sequence_bias")
                .fields()
                .forEachRemaining(entry -> bias.put(
                        Integer.parseInt(entry.getKey()), entry.getValue().asDouble()));
        return new SamplingOptions(
                given.path("max_new_tokens").asInt(100),
                given.path("min_new_tokens").asInt(0),
                sampled ? given.path("temperature").asDouble(1) : 0,
                given.path("top_k").asInt(0),
                given.path("top_p").asDouble(1),
                given.path("min_p").asDouble(0),
                new PenaltyOptions(
                        given.path("repetition_penalty").asDouble(1),
                        given.path("presence").asDouble(0),
                        given.path("frequency").asDouble(0),
                        given.path("no_repeat_ngram_size").asInt(0)),
                bias,
                List.of(),
                List.of(),
                1,
                0,
                new BeamOptions(
                        given.path("num_beams").asInt(1),
                        given.path("length_penalty").asDouble(1),
                        given.path("early_stopping").asBoolean()),
                -1,
                ConstraintOptions.NONE,
                0);
    }

    static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    static BitSet set(JsonNode array) {
        BitSet set = new BitSet();
        array.forEach(id -> set.set(id.asInt()));
        return set;
    }
}
