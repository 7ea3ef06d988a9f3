package io.textloom.model;

/** Feed-forward activations. Source: Hendrycks and Gimpel 2016 (GELU), Elfwing et al. 2017 (SiLU). */
public enum Activation {
    /** With the error function. */
    GELU,
    /** With the tanh approximation. */
    GELU_TANH,
    RELU,
    SILU,
    TANH;

    /**
     * @param key under which config.json names it
     * @throws ModelException if the name is none of the supported ones
     */
    static Activation byName(String key, String name) {
        return switch (name) {
            case "gelu" -> GELU;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> GELU_TANH;
            case "relu" -> RELU;
            case "silu", "swish" -> SILU;
            case "tanh" -> TANH;
            default ->
                throw new ModelException("config.json has " + key + " \"" + name
                        + "\"; supported are gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, relu, silu and tanh");
        };
    }
}
