package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;

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
}
