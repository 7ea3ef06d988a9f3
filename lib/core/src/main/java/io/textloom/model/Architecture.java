package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Families of models that Textloom runs, told apart by {@code model_type} in config.json. */
public enum Architecture {
    /** Encoders: text to vectors. Source: Devlin et al. 2019. */
    BERT("bert", "Bert"),
    /** Decoders: text to more text. Source: Radford et al. 2019. */
    GPT2("gpt2", "GPT2");

    private final String modelType;
    private final String classPrefix;

    Architecture(String modelType, String classPrefix) {
        this.modelType = modelType;
        this.classPrefix = classPrefix;
    }

    /**
     * @param config config.json of a model folder
     * @throws ModelException if the architecture is none of these
     */
    static Architecture of(JsonNode config, String origin) {
        String type = config.path("model_type").asText("");
        String first = config.path("architectures").path(0).asText("");
        return Arrays.stream(values())
                .filter(a -> type.isEmpty() ? first.startsWith(a.classPrefix) : a.modelType.equals(type))
                .findFirst()
                .orElseThrow(() -> new ModelException(origin + " has model_type \"" + type + "\" and architecture \""
                        + first + "\"; supported are " + supported()
                        + "; choose a model of one of these families"));
    }

    private static String supported() {
        List<String> names =
                Arrays.stream(values()).map(a -> '"' + a.modelType + '"').toList();
        return names.stream().collect(Collectors.joining(" and ")) + " (BERT encoders, GPT-2 decoders)";
    }
}
