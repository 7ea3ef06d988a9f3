package io.textloom.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.model.EncoderSpec;
import io.textloom.model.GptSpec;
import io.textloom.model.HeadSpec;
import io.textloom.model.LlamaSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import java.util.List;
import java.util.Optional;

/** The matrix that makes logits of a decoder's last hidden states, [vocabulary, hidden]: one of its own, or the token embeddings. */
final class OutputHead {
    private static final String OWN = "lm_head.weight";
    private static final List<String> WORDS = List.of("wte.weight", "tokens_embed.weight", "embed_tokens.weight");
    private static final List<String> TRUNKS = List.of("", "transformer.", "model.");

    private OutputHead() {}

    /** @throws ModelException if the folder is no decoder that gives logits */
    static TensorInfo of(ModelFolder folder) {
        EncoderSpec spec = folder.encoderSpec();
        boolean decoder = spec instanceof GptSpec || spec instanceof LlamaSpec llama && llama.causal();
        if (!decoder
                || folder.weights().isEmpty()
                || HeadSpec.of(folder.config()).head().isPresent()) {
            JsonNode classes = folder.config().path("architectures");
            throw new ModelException("The folder " + folder + " holds no decoder that says how likely texts are: its"
                    + " config.json names " + (classes.isEmpty() ? "no class" : classes)
                    + "; expected a GPT-2, GPT-Neo, OpenAI GPT, Llama, Mistral, Qwen2 or Qwen3 language model with"
                    + " model.safetensors (masked language models have --task fill-mask)");
        }
        Weights weights = folder.weights().get();
        boolean tied = folder.config().path("tie_word_embeddings").asBoolean(spec instanceof GptSpec);
        TensorInfo head = tied ? words(weights) : weights.get(OWN);
        return head.requireShape(spec.vocabulary(), spec.hidden());
    }

    private static TensorInfo words(Weights weights) {
        for (String trunk : TRUNKS) {
            for (String name : WORDS) {
                Optional<TensorInfo> tensor = weights.find(trunk + name);
                if (tensor.isPresent()) {
                    return tensor.get();
                }
            }
        }
        return weights.get(OWN);
    }
}
