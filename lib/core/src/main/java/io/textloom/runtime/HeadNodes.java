package io.textloom.runtime;

import io.textloom.model.Activation;
import io.textloom.model.HeadSpec;
import io.textloom.model.ModelException;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.Pooling;
import java.util.List;
import java.util.Optional;

/**
 * The heads of Hugging Face's classes on the last hidden state, told apart by the names of their tensors.
 *
 * <p>The last product of a head with labels is small and stays in float32, whatever the precision of the others.
 */
final class HeadNodes {
    private static final List<String> TRUNKS =
            List.of("", "bert.", "roberta.", "distilbert.", "mpnet.", "model.", "transformer.");
    private static final List<String> WORDS = List.of(
            "embeddings.word_embeddings.weight",
            "embeddings.tok_embeddings.weight",
            "embed_tokens.weight",
            "wte.weight");

    private final GraphBuilder g;
    private final Linears linears;
    private final Linears exact;
    private final Weights weights;
    private final HeadSpec spec;
    private final int hidden;
    private final TokenShape shape;

    /** @param weights of the whole model, named as in its file */
    HeadNodes(GraphBuilder g, Linears linears, Weights weights, HeadSpec spec, int hidden) {
        this.g = g;
        this.linears = linears;
        this.exact = new FloatLinears(g);
        this.weights = weights;
        this.spec = spec;
        this.hidden = hidden;
        this.shape = new TokenShape(g, EncoderGraph.IDS);
    }

    /**
     * @param value [rows, width] or [tokens, width]
     * @param pooling by which token vectors became one; empty if the head takes the first one, or all
     */
    record Logits(String value, int width, Optional<Pooling> pooling) {}

    /**
     * Logits of whole rows.
     *
     * @param tokens value [rows, longest, hidden]
     */
    Logits sequence(String tokens, Trunk trunk) {
        if (has("score")) {
            // decoders read a text's label off its last token, which has seen all others
            return pooled(tokens, Pooling.LAST, "score");
        }
        if (has("head.dense")) {
            Pooling pooling = spec.pooling();
            String pooledTokens = PoolingNodes.append(g, pooling, tokens, GraphBuilder.OPSET);
            return logits(headTransform(pooledTokens), "classifier", Optional.of(pooling));
        }
        if (has("classifier.out_proj")) {
            String dense = dense(PoolingNodes.first(g, tokens), "classifier.dense");
            return logits(g.op("Tanh", List.of(dense)), "classifier.out_proj", Optional.empty());
        }
        if (has("pre_classifier")) {
            String dense = dense(PoolingNodes.first(g, tokens), "pre_classifier");
            return logits(g.op("Relu", List.of(dense)), "classifier", Optional.empty());
        }
        requireHead("classifier");
        return logits(trunk.pooler(tokens), "classifier", Optional.empty());
    }

    private Logits pooled(String tokens, Pooling pooling, String name) {
        String vectors = PoolingNodes.append(g, pooling, tokens, GraphBuilder.OPSET);
        return logits(vectors, name, Optional.of(pooling));
    }

    /** Logits of all tokens, padding included, [rows * longest, labels]. */
    Logits tokens(String tokens) {
        String flat = shape.flat(tokens, hidden);
        if (has("head.dense")) {
            flat = headTransform(flat);
        }
        return logits(flat, has("classifier") ? "classifier" : "score", Optional.empty());
    }

    /** Logits of being an answer's first and last token, [rows * longest, 2]. */
    Logits spans(String tokens) {
        String flat = shape.flat(tokens, hidden);
        Logits logits = has("head.dense")
                ? logits(headTransform(flat), "classifier", Optional.empty())
                : logits(flat, "qa_outputs", Optional.empty());
        if (logits.width() != 2) {
            throw new ModelException("The model's question answering head has " + logits.width()
                    + " outputs; expected 2, the first and the last token of an answer");
        }
        return logits;
    }

    boolean hasNextSentence() {
        return has("cls.seq_relationship");
    }

    /** @param pooled value [rows, hidden] */
    Logits nextSentence(String pooled) {
        return logits(pooled, "cls.seq_relationship", Optional.empty());
    }

    /**
     * Logits of the whole vocabulary, for some tokens alone: the product is the largest of the model.
     *
     * @param wanted value [wanted], places in the tokens laid end to end
     */
    Logits vocabulary(String tokens, String wanted, int vocabulary) {
        String chosen = g.op("Gather", List.of(shape.flat(tokens, hidden), wanted));
        if (has("cls.predictions.transform.dense")) {
            String transform = "cls.predictions.transform";
            String vectors =
                    normalized(dense(chosen, transform + ".dense", spec.activation()), transform + ".LayerNorm");
            return decoded(vectors, "cls.predictions.decoder", "cls.predictions.bias", vocabulary);
        }
        if (has("lm_head.dense")) {
            String vectors = normalized(dense(chosen, "lm_head.dense", Activation.GELU), "lm_head.layer_norm");
            return decoded(vectors, "lm_head.decoder", "lm_head.bias", vocabulary);
        }
        if (has("vocab_transform")) {
            String vectors = normalized(dense(chosen, "vocab_transform", spec.activation()), "vocab_layer_norm");
            return decoded(vectors, "vocab_projector", "vocab_projector.bias", vocabulary);
        }
        requireHead("head.dense");
        return decoded(headTransform(chosen), "decoder", "decoder.bias", vocabulary);
    }

    /** The product with the decoder's own weights, or with the word embeddings where the file leaves them out as the same. */
    private Logits decoded(String vectors, String decoder, String ownBias, int vocabulary) {
        TensorInfo weight =
                weights.find(decoder + ".weight").orElseGet(this::words).requireShape(vocabulary, hidden);
        String bias = weights.find(ownBias)
                .or(() -> weights.find(decoder + ".bias"))
                .map(tensor -> g.weight(tensor.requireShape(vocabulary)))
                .orElse("");
        return new Logits(linears.linear(vectors, weight, bias), vocabulary, Optional.empty());
    }

    private TensorInfo words() {
        for (String trunk : TRUNKS) {
            for (String name : WORDS) {
                Optional<TensorInfo> tensor = weights.find(trunk + name);
                if (tensor.isPresent()) {
                    return tensor.get();
                }
            }
        }
        return weights.get(WORDS.get(0));
    }

    /** ModernBERT's, of which all its heads begin. Source: Warner et al. 2024. */
    private String headTransform(String vectors) {
        return normalized(dense(vectors, "head.dense", spec.activation()), "head.norm");
    }

    private String dense(String vectors, String name, Activation activation) {
        return ActivationNodes.append(g, activation, dense(vectors, name));
    }

    private String dense(String vectors, String name) {
        return linears.linear(vectors, matrix(name, hidden), bias(name, hidden));
    }

    private String normalized(String vectors, String name) {
        String gain = g.weight(weights.get(name + ".weight").requireShape(hidden));
        return g.op(
                "LayerNormalization",
                List.of(vectors, gain, bias(name, hidden)),
                Attribute.of("axis", -1L),
                Attribute.of("epsilon", spec.normEps()));
    }

    private Logits logits(String vectors, String name, Optional<Pooling> pooling) {
        requireHead(name);
        List<Long> size = weights.get(name + ".weight").shape();
        int labels = size.isEmpty() ? 0 : Math.toIntExact(size.get(0));
        return new Logits(exact.linear(vectors, matrix(name, labels), bias(name, labels)), labels, pooling);
    }

    private TensorInfo matrix(String name, int out) {
        return weights.get(name + ".weight").requireShape(out, hidden);
    }

    /** Some layers have none. */
    private String bias(String name, int length) {
        return weights.find(name + ".bias")
                .map(tensor -> g.weight(tensor.requireShape(length)))
                .orElse("");
    }

    private boolean has(String name) {
        return weights.find(name + ".weight").isPresent();
    }

    private void requireHead(String name) {
        if (!has(name)) {
            throw new ModelException(
                    "The model has no tensor " + name + ".weight, so no head that fits its config.json;"
                            + " expected the folder of a fine-tuned model, as save_pretrained writes it");
        }
    }
}
