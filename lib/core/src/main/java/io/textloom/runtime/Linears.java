package io.textloom.runtime;

import io.textloom.model.TensorInfo;

/** How a graph multiplies token vectors by stored weights. */
interface Linears {
    /**
     * A linear layer.
     *
     * @param input value [tokens, in]
     * @param weight [out, in], as Hugging Face stores it
     * @param bias value [out], or empty for none
     * @return value [tokens, out]
     */
    String linear(String input, TensorInfo weight, String bias);

    /** {@link #linear} with a weight stored as [in, out], as in Hugging Face's {@code Conv1D} of GPT-2. */
    String conv1d(String input, TensorInfo weight, String bias);
}
