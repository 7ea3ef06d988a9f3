package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Checked values of config.json. A value of the wrong type or out of bounds is an error, never a default: nothing is allocated by what a file merely claims.
 */
final class ConfigValues {
    /** Of any width, vocabulary or number of positions; the largest real ones are contexts of 10 million tokens. */
    static final int MAX_SIZE = 1 << 24;

    /** The deepest real models have some hundred. */
    static final int MAX_LAYERS = 2000;

    private static final int SHOWN = 80;

    private ConfigValues() {}

    /** @throws ModelException unless the key holds an integer */
    static int integer(JsonNode config, String key) {
        JsonNode value = config.path(key);
        if (!value.isInt()) {
            throw wrong(key, value, "an integer");
        }
        return value.intValue();
    }

    /** An integer; an absent or null one is {@code otherwise}. */
    static int integer(JsonNode config, String key, int otherwise) {
        return given(config, key) ? integer(config, key) : otherwise;
    }

    /** A finite number; an absent or null one is {@code otherwise}. */
    static double number(JsonNode config, String key, double otherwise) {
        if (!given(config, key)) {
            return otherwise;
        }
        JsonNode value = config.path(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, value, "a number");
        }
        return value.doubleValue();
    }

    /** True or false; an absent or null one is {@code otherwise}. */
    static boolean flag(JsonNode config, String key, boolean otherwise) {
        if (!given(config, key)) {
            return otherwise;
        }
        JsonNode value = config.path(key);
        if (!value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value.booleanValue();
    }

    /** A text; an absent or null one is {@code otherwise}. */
    static String text(JsonNode config, String key, String otherwise) {
        if (!given(config, key)) {
            return otherwise;
        }
        JsonNode value = config.path(key);
        if (!value.isTextual()) {
            throw wrong(key, value, "a text");
        }
        return value.textValue();
    }

    private static boolean given(JsonNode config, String key) {
        return config.hasNonNull(key);
    }

    private static ModelException wrong(String key, JsonNode value, String expected) {
        String found = value.isMissingNode() ? "missing" : value.toString();
        return new ModelException("config.json has " + key + " "
                + (found.length() > SHOWN ? found.substring(0, SHOWN) + "…" : found) + "; expected " + expected);
    }

    static void positive(String key, int value) {
        if (value < 1 || value > MAX_SIZE) {
            throw new ModelException("config.json has " + key + " " + value + "; expected a positive number"
                    + (value < 1 ? "" : " of at most " + MAX_SIZE));
        }
    }

    static int notNegative(String key, int value) {
        if (value < 0 || value > MAX_SIZE) {
            throw new ModelException(
                    "config.json has " + key + " " + value + "; expected a number from 0 to " + MAX_SIZE);
        }
        return value;
    }

    static void positive(String key, float value) {
        if (!(value > 0) || !Float.isFinite(value)) {
            throw new ModelException("config.json has " + key + " " + value + "; expected a positive number");
        }
    }

    /** To be checked before lists of so many layers are made. */
    static int layerCount(String key, int layers) {
        if (layers < 1 || layers > MAX_LAYERS) {
            throw new ModelException(
                    "config.json has " + key + " " + layers + "; expected a positive number of at most " + MAX_LAYERS);
        }
        return layers;
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
            layerCount("layer_types", sliding.size() + 1);
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
