package io.textloom.runtime;

import java.util.ArrayList;
import java.util.List;

/** Transformer layers whose parts read a normalised copy of what they add to. Source: Xiong et al. 2020. Layers count from 0. */
interface PreNormLayers {
    /** How many the model has. */
    int count();

    Norms norms();

    /** Name of the normalisation before the layer's attention; empty for none. */
    String attentionNorm(int layer);

    /** Name of the normalisation before the layer's feed-forward part. */
    String feedForwardNorm(int layer);

    /** Name of the normalisation after the last layer. */
    String lastNorm();

    /**
     * Self-attention up to its output projection, without its bias.
     *
     * @param normed value [tokens, hidden]
     * @return value [tokens, hidden]
     */
    String attention(int layer, String normed);

    /** The bias of the output projection, value [hidden]; empty for none. */
    String attentionBias(int layer);

    /** The feed-forward part up to its output projection, without its bias; shapes as {@link #attention}. */
    String feedForward(int layer, String normed);

    /** The bias of that output projection, value [hidden]; empty for none. */
    String feedForwardBias(int layer);

    /**
     * Adds the first layers to the graph. A part's bias, the residual and the next normalisation are one operator.
     *
     * @param embedded value [tokens, hidden]
     * @return values [tokens, hidden]: {@code embedded}, then what each layer gives; the model's last one is normalised
     */
    default List<String> states(String embedded, int layers) {
        List<String> states = new ArrayList<>();
        states.add(embedded);
        String first = count() > 0 && layers > 0 ? attentionNorm(0) : "";
        String normed = first.isEmpty() ? embedded : norms().normalized(first, embedded);
        String residual = embedded;
        for (int layer = 0; layer < layers; layer++) {
            Norms.Sum attended =
                    norms().sum(feedForwardNorm(layer), attention(layer, normed), attentionBias(layer), residual);
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
}
