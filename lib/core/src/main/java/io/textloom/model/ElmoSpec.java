package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a forward and a backward language model whose layers are mixed, from config.json. Source: Peters et al. 2018.
 *
 * @param hidden length of the vectors: both directions side by side
 * @param width of embeddings and layers in each direction
 * @param stack layers of each direction; the second and later ones add to the one below
 * @param mix weight of the embeddings and of each layer
 * @param scale of what is mixed
 */
public record ElmoSpec(int hidden, int width, int stack, int vocabulary, List<Double> mix, double scale)
        implements EncoderSpec {
    /** The {@code model_type}. */
    public static final String MODEL_TYPE = "elmo";

    public ElmoSpec {
        mix = List.copyOf(mix);
        ConfigValues.positive("hidden_size", hidden);
        ConfigValues.positive("lstm_size", width);
        ConfigValues.positive("num_hidden_layers", stack);
        ConfigValues.positive("vocab_size", vocabulary);
        if (hidden != 2 * width) {
            throw new ModelException("config.json has hidden_size " + hidden + " and lstm_size " + width
                    + "; expected hidden_size to be twice lstm_size, one for each direction");
        }
        if (mix.size() != stack + 1) {
            throw new ModelException("config.json has " + mix.size() + " layer_weights; expected " + (stack + 1)
                    + ", of the embeddings and of each layer");
        }
        if (!mix.stream().allMatch(Double::isFinite) || !Double.isFinite(scale)) {
            throw new ModelException("config.json has layer_weights " + mix + " and gamma " + scale
                    + "; expected finite numbers, train the model again");
        }
    }

    static ElmoSpec of(JsonNode config) {
        int layers = ConfigValues.integer(config, "num_hidden_layers");
        List<Double> mix = new ArrayList<>();
        for (JsonNode weight : config.path("layer_weights")) {
            mix.add(weight.asDouble(Double.NaN));
        }
        return new ElmoSpec(
                ConfigValues.integer(config, "hidden_size"),
                ConfigValues.integer(config, "lstm_size"),
                layers,
                ConfigValues.integer(config, "vocab_size"),
                mix,
                config.path("gamma").asDouble(Double.NaN));
    }

    /** The mix counts as the last one. */
    @Override
    public int layers() {
        return stack + 1;
    }

    /** Any length will do. */
    @Override
    public int maxPositions() {
        return ConfigValues.MAX_SIZE;
    }

    @Override
    public int typeVocabulary() {
        return 0;
    }

    /** Two products with four gates for each layer and direction. */
    @Override
    public double flops(int tokens) {
        return 2.0 * stack * tokens * 2 * 8.0 * width * width;
    }
}
