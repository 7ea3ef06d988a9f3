package io.textloom.classify;

import io.textloom.token.LongDocuments;

/**
 * How texts are made to fit a model.
 *
 * @param job whose settings these are, for messages
 * @param maxTokens longest window, special tokens included; unit: tokens
 * @param stride overlap of neighbouring windows; unit: tokens
 * @param order where the text stands
 * @param keepsOther whether the other text stays whole where the text is truncated
 * @param offsets whether it is known which characters tokens cover
 */
record WindowOptions(
        String job,
        int maxTokens,
        int stride,
        LongDocuments longDocuments,
        PairOrder order,
        boolean keepsOther,
        boolean offsets) {}
