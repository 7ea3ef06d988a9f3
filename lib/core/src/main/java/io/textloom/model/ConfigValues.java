package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Checked values of config.json. */
final class ConfigValues {
    private ConfigValues() {}

    /** @throws ModelException unless the key holds an integer */
    static int integer(JsonNode config, String key) {
        JsonNode value = config.path(key);
        if (!value.isInt()) {
            throw new ModelException("config.json has " + key + " " + (value.isMissingNode() ? "missing" : value)
                    + "; expected an integer");
        }
        return value.intValue();
    }

    static void positive(String key, int value) {
        if (value < 1) {
            throw new ModelException("config.json has " + key + " " + value + "; expected a positive number");
        }
    }

    static void positive(String key, float value) {
        if (!(value > 0)) {
            throw new ModelException("config.json has " + key + " " + value + "; expected a positive number");
        }
    }

    /** @throws ModelException unless heads of equal width fill the hidden size */
    static void heads(String hiddenKey, int hidden, String headsKey, int heads) {
        positive(hiddenKey, hidden);
        positive(headsKey, heads);
        if (hidden % heads != 0) {
            throw new ModelException("config.json has " + hiddenKey + " " + hidden + " and " + headsKey + " " + heads
                    + "; expected heads to divide the hidden size");
        }
    }

    /** A value that is an integer if it is there; an absent or null one is {@code otherwise}. */
    static int integer(JsonNode config, String key, int otherwise) {
        JsonNode value = config.path(key);
        return value.isMissingNode() || value.isNull() ? otherwise : integer(config, key);
    }

    /** @throws ModelException unless there is one value for each layer */
    static void layers(String key, List<?> values, int layers) {
        if (values.size() != layers) {
            throw new ModelException("config.json has " + key + " for " + values.size() + " layers, but " + layers
                    + " layers; expected one for each");
        }
    }

    /**
     * For each layer that {@code layer_types} lists, whether its attention has a window.
     *
     * @throws ModelException if a layer is of another kind
     */
    static List<Boolean> slidingLayers(JsonNode config) {
        List<Boolean> sliding = new ArrayList<>();
        for (JsonNode kind : config.path("layer_types")) {
            sliding.add(
                    switch (kind.asText()) {
                        case "sliding_attention" -> true;
                        case "full_attention" -> false;
                        default ->
                            throw new ModelException("config.json has the layer type " + kind
                                    + "; supported are full_attention and sliding_attention, choose another model");
                    });
        }
        return sliding;
    }
}
