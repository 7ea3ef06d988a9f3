package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.tensor.Pooling;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What config.json says of a model's head.
 *
 * @param head empty for an encoder without one
 * @param labels by number; empty if config.json names none
 * @param statedActivation the function that a cross-encoder's config.json asks for by its class, such as {@code torch.nn.modules.linear.Identity}; empty for none
 * @param activation of the dense layer that some heads have before the last one
 * @param pooling of the heads that are not bound to the first or the last token
 * @param normEps added to the variance by the head's normalisation
 */
public record HeadSpec(
        Optional<Head> head,
        Map<Integer, String> labels,
        ProblemType problemType,
        String statedActivation,
        Activation activation,
        Pooling pooling,
        float normEps) {
    public HeadSpec {
        labels = Map.copyOf(labels);
    }

    /** @throws ModelException if config.json asks for what Textloom does not do */
    public static HeadSpec of(JsonNode config) {
        return new HeadSpec(
                Head.of(config),
                labels(config),
                problemType(ConfigValues.text(config, "problem_type", "")),
                ConfigValues.text(
                        config.path("sentence_transformers"),
                        "activation_fn",
                        ConfigValues.text(config, "sbert_ce_default_activation_function", "")),
                activation(config),
                pooling(ConfigValues.text(config, "classifier_pooling", "cls")),
                (float) ConfigValues.number(config, "norm_eps", ConfigValues.number(config, "layer_norm_eps", 1e-12)));
    }

    /** The name of a label; {@code LABEL_0} where config.json has none. */
    public String label(int number) {
        return labels.getOrDefault(number, "LABEL_" + number);
    }

    private static Map<Integer, String> labels(JsonNode config) {
        Map<Integer, String> labels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : config.path("id2label").properties()) {
            try {
                labels.put(Integer.valueOf(label.getKey()), label.getValue().asText());
            } catch (NumberFormatException e) {
                throw new ModelException(
                        "config.json has \"" + label.getKey() + "\" in id2label; expected the label's number", e);
            }
        }
        return labels;
    }

    private static ProblemType problemType(String name) {
        return switch (name) {
            case "", "null" -> ProblemType.UNSTATED;
            case "single_label_classification" -> ProblemType.SINGLE_LABEL;
            case "multi_label_classification" -> ProblemType.MULTI_LABEL;
            case "regression" -> ProblemType.REGRESSION;
            default ->
                throw new ModelException("config.json has problem_type \"" + name + "\"; supported are"
                        + " single_label_classification, multi_label_classification and regression");
        };
    }

    private static Activation activation(JsonNode config) {
        for (String key : new String[] {"classifier_activation", "activation", "hidden_act"}) {
            if (config.path(key).isTextual()) {
                return Activation.byName(key, config.path(key).textValue());
            }
        }
        return Activation.GELU;
    }

    private static Pooling pooling(String name) {
        return switch (name) {
            case "cls" -> Pooling.CLS;
            case "mean" -> Pooling.MEAN;
            default ->
                throw new ModelException(
                        "config.json has classifier_pooling \"" + name + "\"; supported are cls and mean");
        };
    }
}
