package io.textloom.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A request for embeddings.
 *
 * @param inputs texts, each of which gets a vector
 * @param base64 whether vectors are the base64 of little-endian floats, and not lists
 * @param dimensions the first ones that are kept; empty for all
 */
public record EmbeddingRequest(List<String> inputs, boolean base64, OptionalInt dimensions) {
    private static final int MOST_INPUTS = 2048;

    public EmbeddingRequest {
        inputs = List.copyOf(inputs);
    }

    /** @throws RequestException if the body cannot be followed */
    public static EmbeddingRequest parse(String text) {
        BodyFields body = BodyFields.parse(text);
        body.text("model");
        body.ignore("user");
        String format = body.text("encoding_format").orElse("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw RequestException.of(body.path("encoding_format"), BodyFields.shown(format), "float or base64");
        }
        OptionalInt dimensions = body.integer("dimensions", 1, Integer.MAX_VALUE);
        List<String> inputs = inputs(body);
        body.requireNoOthers();
        return new EmbeddingRequest(inputs, format.equals("base64"), dimensions);
    }

    private static List<String> inputs(BodyFields body) {
        String expected = "a string, or a list of 1 to " + MOST_INPUTS + " strings; token ids are not followed";
        JsonNode given = body.required("input", expected);
        List<String> inputs = new ArrayList<>();
        if (given.isTextual()) {
            inputs.add(given.asText());
        } else if (given.isArray() && !given.isEmpty() && given.size() <= MOST_INPUTS) {
            for (JsonNode each : given) {
                if (!each.isTextual()) {
                    throw body.wrong("input", given, expected);
                }
                inputs.add(each.asText());
            }
        } else {
            throw body.wrong("input", given, expected);
        }
        if (inputs.stream().anyMatch(String::isBlank)) {
            throw RequestException.of(body.path("input"), "empty or white space in a text", "texts with words");
        }
        return inputs;
    }
}
