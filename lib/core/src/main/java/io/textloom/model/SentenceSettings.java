package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.tensor.Pooling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a folder's token vectors become one text vector, from the files that sentence-transformers writes.
 *
 * @param pooling the architecture's default where the folder says nothing
 * @param normalize whether the folder ends in a Normalize module
 * @param maxTokens longest sequence the model was made for, special tokens included; 0 if the folder says nothing; unit: tokens
 * @param prompts texts to put before a query or document, by name
 * @param defaultPrompt the name of the prompt that the folder applies by itself; empty for none
 * @param promptPooled whether a prompt's tokens count in the pooling, as they do unless the folder says otherwise
 */
public record SentenceSettings(
        Pooling pooling,
        boolean normalize,
        int maxTokens,
        Map<String, String> prompts,
        String defaultPrompt,
        boolean promptPooled) {
    private static final String MODE = "pooling_mode";

    /** The keys of older files, each a switch. */
    private static final Map<String, String> SWITCHES = Map.of(
            "pooling_mode_cls_token", "cls",
            "pooling_mode_max_tokens", "max",
            "pooling_mode_mean_tokens", "mean",
            "pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens",
            "pooling_mode_weightedmean_tokens", "weightedmean",
            "pooling_mode_lasttoken", "lasttoken");

    public SentenceSettings {
        prompts = Map.copyOf(prompts);
    }

    static SentenceSettings read(Path folder, Pooling defaultPooling) {
        Pooling pooling = defaultPooling;
        boolean promptPooled = true;
        boolean normalize = false;
        JsonNode modules = Json.readIfPresent(folder.resolve("modules.json"));
        for (JsonNode module : modules) {
            String type = module.path("type").asText("");
            String name = type.substring(type.lastIndexOf('.') + 1);
            switch (name) {
                case "Transformer" -> {}
                case "Pooling" -> {
                    JsonNode config = Json.read(
                            FolderBoundary.require(folder, module.path("path").asText("") + "/config.json"));
                    pooling = pooling(config);
                    promptPooled = config.path("include_prompt").asBoolean(true);
                }
                case "Normalize" -> normalize = true;
                default ->
                    throw new ModelException(folder.resolve("modules.json") + " asks for the module " + type
                            + "; supported are Transformer, Pooling and Normalize, choose another model");
            }
        }
        int maxTokens = ConfigValues.integer(
                Json.readIfPresent(folder.resolve("sentence_bert_config.json")), "max_seq_length", 0);
        JsonNode config = Json.readIfPresent(folder.resolve("config_sentence_transformers.json"));
        Map<String, String> prompts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : config.path("prompts").properties()) {
            prompts.put(e.getKey(), e.getValue().asText());
        }
        JsonNode name = config.path("default_prompt_name");
        return new SentenceSettings(
                pooling, normalize, maxTokens, prompts, name.isTextual() ? name.textValue() : "", promptPooled);
    }

    /**
     * @param prompt the text put before every text; empty for none
     * @throws ModelException if its tokens would have to be left out of the pooling
     */
    public void checkPrompt(String prompt, Pooling used) {
        boolean everyToken = used == Pooling.MEAN || used == Pooling.MEAN_SQRT_LEN || used == Pooling.MAX;
        if (!promptPooled && everyToken && !prompt.isEmpty()) {
            throw new ModelException(
                    "The model's pooling has include_prompt false, which leaves the tokens of the prompt \""
                            + prompt + "\" out of the " + used
                            + "; that is not supported: embed without a prompt, or choose another model or pooling");
        }
    }

    private static Pooling pooling(JsonNode config) {
        List<String> modes = modes(config);
        if (modes.size() != 1) {
            throw new ModelException("The pooling configuration " + config + " asks for " + modes
                    + "; expected one of cls, max, mean, mean_sqrt_len_tokens and lasttoken, choose another model");
        }
        return switch (modes.get(0)) {
            case "cls" -> Pooling.CLS;
            case "max" -> Pooling.MAX;
            case "mean" -> Pooling.MEAN;
            case "mean_sqrt_len_tokens" -> Pooling.MEAN_SQRT_LEN;
            case "lasttoken" -> Pooling.LAST;
            default ->
                throw new ModelException("The folder asks for the pooling " + modes.get(0)
                        + "; supported are cls, max, mean, mean_sqrt_len_tokens and lasttoken, choose another model");
        };
    }

    /** One name, a list of names whose vectors are joined, or the older switches, of which none means mean. */
    private static List<String> modes(JsonNode config) {
        List<String> modes = new ArrayList<>();
        JsonNode mode = config.path(MODE);
        if (mode.isTextual()) {
            modes.add(mode.textValue());
        } else if (mode.isArray()) {
            mode.forEach(one -> modes.add(one.asText()));
        } else {
            SWITCHES.forEach((key, name) -> {
                if (config.path(key).asBoolean(false)) {
                    modes.add(name);
                }
            });
            if (modes.isEmpty()) {
                modes.add("mean");
            }
        }
        modes.sort(null);
        return modes;
    }
}
