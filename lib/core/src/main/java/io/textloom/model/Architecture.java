package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.tensor.Pooling;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Families of models that Textloom runs, told apart by {@code model_type} in config.json. A decoder's hidden states are vectors, too. */
public enum Architecture {
    BERT("bert", "Bert", Pooling.MEAN, c -> BertSpec.of(BertSpec.Family.BERT, c)),
    ROBERTA("roberta", "Roberta", Pooling.MEAN, c -> BertSpec.of(BertSpec.Family.ROBERTA, c)),
    XLM_ROBERTA("xlm-roberta", "XLMRoberta", Pooling.MEAN, c -> BertSpec.of(BertSpec.Family.ROBERTA, c)),
    DISTILBERT("distilbert", "DistilBert", Pooling.MEAN, c -> BertSpec.of(BertSpec.Family.DISTILBERT, c)),
    MPNET("mpnet", "MPNet", Pooling.MEAN, c -> BertSpec.of(BertSpec.Family.MPNET, c)),
    MODERNBERT("modernbert", "ModernBert", Pooling.MEAN, ModernBertSpec::of),
    /** Source: Radford et al. 2019. */
    GPT2("gpt2", "GPT2", Pooling.LAST, Gpt2Spec::of),
    GPT_NEO("gpt_neo", "GPTNeo", Pooling.LAST, GptNeoSpec::of),
    OPENAI_GPT("openai-gpt", "OpenAIGPT", Pooling.LAST, OpenAiGptSpec::of),
    LLAMA("llama", "Llama", Pooling.LAST, c -> LlamaSpec.of(LlamaSpec.Family.LLAMA, c)),
    MISTRAL("mistral", "Mistral", Pooling.LAST, c -> LlamaSpec.of(LlamaSpec.Family.MISTRAL, c)),
    QWEN2("qwen2", "Qwen2", Pooling.LAST, c -> LlamaSpec.of(LlamaSpec.Family.QWEN2, c)),
    QWEN3("qwen3", "Qwen3", Pooling.LAST, c -> LlamaSpec.of(LlamaSpec.Family.QWEN3, c)),
    /** A vector for every word, of {@code train word2vec} or imported. Source: Mikolov et al. 2013. */
    WORD2VEC("word2vec", "Word2Vec", Pooling.MEAN, WordVectorSpec::of),
    /** Two language models of LSTMs, of {@code train elmo}. Source: Peters et al. 2018. */
    ELMO("elmo", "Elmo", Pooling.MEAN, ElmoSpec::of),
    /** Any other encoder that comes as an ONNX file. */
    ONNX("", "", Pooling.MEAN, OnnxSpec::of);

    private final String modelType;
    private final String classPrefix;
    private final Pooling defaultPooling;
    private final Function<JsonNode, EncoderSpec> spec;

    Architecture(String modelType, String classPrefix, Pooling defaultPooling, Function<JsonNode, EncoderSpec> spec) {
        this.modelType = modelType;
        this.classPrefix = classPrefix;
        this.defaultPooling = defaultPooling;
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
                .or(() -> onnx ? Optional.of(ONNX) : Optional.empty())
                .orElseThrow(() -> new ModelException(origin + " has model_type \"" + type + "\" and architecture \""
                        + first + "\"; supported are " + supported()
                        + ", and any encoder with an onnx/model.onnx beside it; choose one of these"));
    }

    /** The shape of the model as an encoder. */
    EncoderSpec spec(JsonNode config) {
        return spec.apply(config);
    }

    /** Where a folder does not say: the mean, or, of decoders, the last token, which alone has seen all others. */
    Pooling defaultPooling() {
        return defaultPooling;
    }

    private static String supported() {
        return Arrays.stream(values())
                .filter(a -> a != ONNX)
                .map(a -> '"' + a.modelType + '"')
                .collect(Collectors.joining(", "));
    }
}
