package io.textloom.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A prompt as a request gives it. */
public sealed interface PromptInput {
    record Text(String text) implements PromptInput {}

    /** @param ids from 0; whether the model has them is not known here */
    record Tokens(List<Integer> ids) implements PromptInput {
        public Tokens {
            ids = List.copyOf(ids);
        }
    }

    /** A string, a list of strings, token ids, or a list of token ids. */
    static List<PromptInput> read(String path, JsonNode value, int most) {
        if (value.isTextual()) {
            return List.of(new Text(value.asText()));
        }
        if (!value.isArray() || value.isEmpty() || !value.get(0).isNumber() && value.size() > most) {
            throw RequestException.of(
                    path, BodyFields.found(value), "a string, token ids, or a list of 1 to " + most + " of either");
        }
        if (value.get(0).isNumber()) {
            return List.of(new Tokens(BodyFields.integers(path, value)));
        }
        List<PromptInput> prompts = new ArrayList<>();
        for (JsonNode each : value) {
            prompts.add(each.isTextual() ? new Text(each.asText()) : new Tokens(BodyFields.integers(path, each)));
        }
        return prompts;
    }
}
