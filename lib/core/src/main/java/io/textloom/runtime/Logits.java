package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;

/** The last logits of each slot: an output float[slots, vocabulary] that a call writes for all slots, or for one slot alone in that slot's row. */
interface Logits extends AutoCloseable {
    OnnxTensor row(int slot);

    OnnxTensor allRows();

    /** To be told after a call that wrote the slot's row. */
    void written(int slot);

    /** To be told after a call that wrote all rows. */
    void allWritten();

    /** @param out float[vocabulary], overwritten */
    void read(int slot, float[] out);

    float get(int slot, int token);

    @Override
    void close();
}
