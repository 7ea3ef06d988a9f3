package io.textloom.runtime;

import io.textloom.model.RopeSpec;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rotary position embeddings. Cosines and sines are made anew in every call, for as many positions as it has: a table for all positions of a model that
 * takes 100,000 would be larger than the graph a thousand times over. Source: Su et al. 2021, halves of a head paired as in GPT-NeoX.
 */
final class Rope {
    private final GraphBuilder g;
    private final String places;
    private final Map<Turn, Turns> turns = new HashMap<>();

    /** @param places value int64 [positions], of the vectors that are to be turned */
    Rope(GraphBuilder g, String places) {
        this.g = g;
        this.places = places;
    }

    /**
     * Turns every row's vectors by the places.
     *
     * @param vectors value [rows, positions, heads * headSize]
     * @return value of the same shape
     */
    String turn(String vectors, RopeSpec spec, int headSize) {
        Turns by = turns.computeIfAbsent(new Turn(spec, headSize), this::turns);
        return g.contrib(
                "RotaryEmbedding",
                List.of(vectors, g.constant("rope_start", new long[] {0}, 1), by.cosines(), by.sines()),
                Attribute.of("interleaved", 0L));
    }

    private Turns turns(Turn turn) {
        float[] frequencies = turn.spec().frequencies(turn.headSize());
        String row = g.constant("rope_frequencies" + turns.size(), frequencies, 1, frequencies.length);
        String column = g.op("Unsqueeze", List.of(places, g.constant("rope_column", new long[] {1}, 1)));
        String angles = g.op(
                "Mul", List.of(g.op("Cast", List.of(column), Attribute.of("to", DataType.FLOAT32.onnxCode())), row));
        return new Turns(g.computed(g.op("Cos", List.of(angles))), g.computed(g.op("Sin", List.of(angles))));
    }

    private record Turn(RopeSpec spec, int headSize) {}

    /** Values [positions, headSize / 2]. */
    private record Turns(String cosines, String sines) {}
}
