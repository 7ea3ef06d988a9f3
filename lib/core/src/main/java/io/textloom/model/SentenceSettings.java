package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.tensor.Pooling;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a folder's token vectors become one text vector, from the files that sentence-transformers writes.
 *
 * @param pooling mean where the folder says nothing
 * @param normalize whether the folder ends in a Normalize module
 * @param maxTokens longest sequence the model was made for, special tokens included; 0 if the folder says nothing; unit: tokens
 * @param prompts texts to put before a query or document, by name
 * @param defaultPrompt the name of the prompt that the folder applies by itself; empty for none
 */
public record SentenceSettings(
        Pooling pooling, boolean normalize, int maxTokens, Map<String, String> prompts, String defaultPrompt) {
    public SentenceSettings {
        prompts = Map.copyOf(prompts);
    }

    static SentenceSettings read(Path folder) {
        Pooling pooling = Pooling.MEAN;
        boolean normalize = false;
        JsonNode modules = Json.readIfPresent(folder.resolve("modules.json"));
        for (JsonNode module : modules) {
            String type = module.path("type").asText("");
            String name = type.substring(type.lastIndexOf('.') + 1);
            switch (name) {
                case "Transformer" -> {}
                case "Pooling" ->
                    pooling = pooling(
                            Json.read(Paths.inside(folder, module.path("path").asText("") + "/config.json")));
                case "Normalize" -> normalize = true;
                default ->
                    throw new ModelException(folder.resolve("modules.json") + " asks for the module " + type
                            + "; supported are Transformer, Pooling and Normalize, choose another model");
            }
        }
        int maxTokens = Json.readIfPresent(folder.resolve("sentence_bert_config.json"))
                .path("max_seq_length")
                .asInt(0);
        JsonNode config = Json.readIfPresent(folder.resolve("config_sentence_transformers.json"));
        Map<String, String> prompts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : config.path("prompts").properties()) {
            prompts.put(e.getKey(), e.getValue().asText());
        }
        JsonNode name = config.path("default_prompt_name");
        return new SentenceSettings(pooling, normalize, maxTokens, prompts, name.isTextual() ? name.textValue() : "");
    }

    private static Pooling pooling(JsonNode config) {
        if (config.path("pooling_mode_cls_token").asBoolean(false)) {
            return Pooling.CLS;
        }
        if (config.path("pooling_mode_max_tokens").asBoolean(false)) {
            return Pooling.MAX;
        }
        if (config.path("pooling_mode_mean_tokens").asBoolean(false)) {
            return Pooling.MEAN;
        }
        return Pooling.byName(config.path("pooling_mode").asText(""))
                .orElseThrow(() -> new ModelException("The pooling configuration " + config
                        + " sets none of mean, cls and max; set embed.pooling or choose another model"));
    }
}
