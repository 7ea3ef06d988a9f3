package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Rotary position embeddings: how fast each pair of a head's dimensions turns. Source: Su et al. 2021; the scalings are those of Hugging Face's
 * {@code rope_type}.
 *
 * @param theta the slowest pair turns about this many times slower than the first; 0 if the model has no rotary embeddings
 * @param factor by which positions are stretched
 * @param lowFactor pairs that turn less often than this within the original positions are stretched fully; for llama3
 * @param highFactor pairs that turn more often than this are left alone; for llama3
 * @param originalPositions longest sequence before the stretching; for llama3; unit: tokens
 */
public record RopeSpec(
        double theta, Scaling scaling, double factor, double lowFactor, double highFactor, int originalPositions) {
    /** For models whose positions are told otherwise. */
    public static final RopeSpec ABSENT = new RopeSpec(0, Scaling.DEFAULT, 1, 0, 0, 0);

    /** How a model was made to take longer sequences than it first learned. */
    public enum Scaling {
        /** Not at all. */
        DEFAULT,
        /** Every pair turns slower by the factor. Source: Chen et al. 2023. */
        LINEAR,
        /** Slow pairs turn slower by the factor, fast ones as before, those between in between. Source: Dubey et al. 2024. */
        LLAMA3
    }

    public RopeSpec {
        boolean stretched = factor >= 1 && originalPositions >= 0;
        boolean blended = scaling != Scaling.LLAMA3 || lowFactor > 0 && highFactor > lowFactor && originalPositions > 0;
        if (!(theta >= 0) || !stretched || !blended) {
            throw new ModelException("config.json has the rotary embeddings rope_theta " + theta + ", rope_type "
                    + scaling + ", factor " + factor + ", low_freq_factor " + lowFactor + ", high_freq_factor "
                    + highFactor + ", original_max_position_embeddings " + originalPositions
                    + "; expected positive numbers, a factor of 1 or more, and low below high");
        }
    }

    /** Unscaled. */
    static RopeSpec of(double theta) {
        return new RopeSpec(theta, Scaling.DEFAULT, 1, 0, 0, 0);
    }

    /**
     * Reads {@code rope_parameters}, as transformers 5 writes them, or {@code rope_theta} beside {@code rope_scaling}, as transformers 4 does.
     *
     * @throws ModelException if the scaling is none of these
     */
    static RopeSpec of(JsonNode config, double defaultTheta, int maxPositions) {
        JsonNode rope = config.path(config.path("rope_parameters").isObject() ? "rope_parameters" : "rope_scaling");
        double theta = ConfigValues.number(rope, "rope_theta", ConfigValues.number(config, "rope_theta", defaultTheta));
        return of(rope, theta, maxPositions, config);
    }

    /** Reads one object of rotary settings. */
    static RopeSpec of(JsonNode rope, double theta, int maxPositions, JsonNode config) {
        double part = ConfigValues.number(
                rope, "partial_rotary_factor", ConfigValues.number(config, "partial_rotary_factor", 1));
        if (part != 1) {
            throw new ModelException("config.json has partial_rotary_factor " + part
                    + "; supported is 1, choose another model or a folder with onnx/model.onnx alone");
        }
        if (!(theta > 0)) {
            throw new ModelException("config.json has rope_theta " + theta + "; expected a positive number");
        }
        String type = ConfigValues.text(rope, "rope_type", ConfigValues.text(rope, "type", "default"));
        return switch (type) {
            case "default" -> of(theta);
            case "linear" -> new RopeSpec(theta, Scaling.LINEAR, factor(rope), 0, 0, 0);
            case "llama3" ->
                new RopeSpec(
                        theta,
                        Scaling.LLAMA3,
                        factor(rope),
                        ConfigValues.number(rope, "low_freq_factor", 0),
                        ConfigValues.number(rope, "high_freq_factor", 0),
                        ConfigValues.integer(rope, "original_max_position_embeddings", maxPositions));
            default ->
                throw new ModelException("config.json has the rope_type \"" + type
                        + "\"; supported are default, linear and llama3, choose another model or a folder with"
                        + " onnx/model.onnx alone");
        };
    }

    private static double factor(JsonNode rope) {
        return ConfigValues.number(rope, "factor", 0);
    }

    public boolean isAbsent() {
        return theta == 0;
    }

    /**
     * Angles by which the pairs of a head turn from one token to the next, in single precision step by step as the models were trained.
     *
     * @return float[headSize / 2]; unit: radians
     */
    public float[] frequencies(int headSize) {
        float[] frequencies = new float[headSize / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = (float) (2 * i) / headSize;
            float frequency = 1 / (float) Math.pow(theta, exponent);
            frequencies[i] = switch (scaling) {
                case DEFAULT -> frequency;
                case LINEAR -> frequency / (float) factor;
                case LLAMA3 -> blended(frequency);
            };
        }
        return frequencies;
    }

    private float blended(double frequency) {
        double turns = originalPositions * frequency / (2 * Math.PI);
        double kept = Math.min(1, Math.max(0, (turns - lowFactor) / (highFactor - lowFactor)));
        return (float) ((1 - kept) * frequency / factor + kept * frequency);
    }
}
