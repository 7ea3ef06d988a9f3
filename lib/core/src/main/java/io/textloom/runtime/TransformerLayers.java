package io.textloom.runtime;

import java.util.ArrayList;
import java.util.List;

/** The parts of a model's layers, and the two orders in which models put them and their normalisations. Layers count from 0. */
interface TransformerLayers {
    /** How many the model has. */
    int count();

    Norms norms();

    /** Name of the normalisation of the layer's attention, before it or after it by the order; empty for none. */
    String attentionNorm(int layer);

    /** Name of the normalisation of the layer's feed-forward part, likewise. */
    String feedForwardNorm(int layer);

    /** Name of the normalisation after the last layer, in the pre-norm order. */
    String lastNorm();

    /**
     * Self-attention up to its output projection, without its bias.
     *
     * @param input value [tokens, hidden]
     * @return value [tokens, hidden] of the tokens that are needed {@link #above}
     */
    String attention(int layer, String input);

    /** Those tokens' vectors that are needed above the layer's attention, value [tokens, hidden]: all, unless this is said to leave some out. */
    default String above(int layer, String tokens) {
        return tokens;
    }

    /** The bias of the output projection, value [hidden]; empty for none. */
    String attentionBias(int layer);

    /** The feed-forward part up to its output projection, without its bias; shapes as {@link #attention}. */
    String feedForward(int layer, String input);

    /** The bias of that output projection, value [hidden]; empty for none. */
    String feedForwardBias(int layer);

    /**
     * Adds the first layers to the graph; their parts read a normalised copy of what they add to. Bias, residual and the next normalisation are one
     * operator. Source: Xiong et al. 2020.
     *
     * @param embedded value [tokens, hidden]
     * @return values [tokens, hidden]: {@code embedded}, then what each layer gives; the model's last one is normalised
     */
    default List<String> preNorm(String embedded, int layers) {
        List<String> states = new ArrayList<>();
        states.add(embedded);
        String first = layers > 0 ? attentionNorm(0) : "";
        String normed = first.isEmpty() ? embedded : norms().normalized(first, embedded);
        String residual = embedded;
        for (int layer = 0; layer < layers; layer++) {
            Norms.Sum attended = norms().sum(
                            feedForwardNorm(layer),
                            attention(layer, normed),
                            attentionBias(layer),
                            above(layer, residual));
            boolean last = layer + 1 == count();
            Norms.Sum fed = norms().sum(
                            last ? lastNorm() : attentionNorm(layer + 1),
                            feedForward(layer, attended.normed()),
                            feedForwardBias(layer),
                            attended.sum());
            normed = fed.normed();
            residual = fed.sum();
            states.add(last ? normed : residual);
        }
        return states;
    }

    /** The same with what each part gives added and then normalised. Source: Vaswani et al. 2017. */
    default List<String> postNorm(String embedded, int layers) {
        List<String> states = new ArrayList<>();
        states.add(embedded);
        for (int layer = 0; layer < layers; layer++) {
            String input = states.get(layer);
            String attended = norms().sum(
                            attentionNorm(layer), attention(layer, input), attentionBias(layer), above(layer, input))
                    .normed();
            states.add(
                    norms().sum(feedForwardNorm(layer), feedForward(layer, attended), feedForwardBias(layer), attended)
                            .normed());
        }
        return states;
    }
}
