package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Families of models that Textloom runs, told apart by {@code model_type} in config.json. */
public enum Architecture {
    BERT("bert", "Bert", c -> BertSpec.of(BertSpec.Family.BERT, c)),
    ROBERTA("roberta", "Roberta", c -> BertSpec.of(BertSpec.Family.ROBERTA, c)),
    XLM_ROBERTA("xlm-roberta", "XLMRoberta", c -> BertSpec.of(BertSpec.Family.ROBERTA, c)),
    DISTILBERT("distilbert", "DistilBert", c -> BertSpec.of(BertSpec.Family.DISTILBERT, c)),
    MPNET("mpnet", "MPNet", c -> BertSpec.of(BertSpec.Family.MPNET, c)),
    MODERNBERT("modernbert", "ModernBert", ModernBertSpec::of),
    /** A decoder; its hidden states are vectors, too. Source: Radford et al. 2019. */
    GPT2("gpt2", "GPT2", Gpt2Spec::of),
    /** Any other encoder that comes as an ONNX file. */
    ONNX("", "", OnnxSpec::of);

    private final String modelType;
    private final String classPrefix;
    private final Function<JsonNode, EncoderSpec> spec;

    Architecture(String modelType, String classPrefix, Function<JsonNode, EncoderSpec> spec) {
        this.modelType = modelType;
        this.classPrefix = classPrefix;
        this.spec = spec;
    }

    /**
     * @param config config.json of a model folder
     * @param onnx whether the folder has an ONNX file, which may be of any architecture
     * @throws ModelException if the architecture is none of these
     */
    static Architecture of(JsonNode config, String origin, boolean onnx) {
        String type = config.path("model_type").asText("");
        String first = config.path("architectures").path(0).asText("");
        return Arrays.stream(values())
                .filter(a -> a != ONNX)
                .filter(a -> type.isEmpty() ? first.startsWith(a.classPrefix) : a.modelType.equals(type))
                .findFirst()
                .or(() -> onnx ? java.util.Optional.of(ONNX) : java.util.Optional.empty())
                .orElseThrow(() -> new ModelException(origin + " has model_type \"" + type + "\" and architecture \""
                        + first + "\"; supported are " + supported()
                        + ", and any encoder with an onnx/model.onnx beside it; choose one of these"));
    }

    /** The shape of the model as an encoder. */
    EncoderSpec spec(JsonNode config) {
        return spec.apply(config);
    }

    private static String supported() {
        return Arrays.stream(values())
                .filter(a -> a != ONNX)
                .map(a -> '"' + a.modelType + '"')
                .collect(Collectors.joining(", "));
    }
}
