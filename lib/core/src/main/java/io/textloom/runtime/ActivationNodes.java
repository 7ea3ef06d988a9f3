package io.textloom.runtime;

import io.textloom.model.Activation;
import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.List;

/** Activations of values whose bias is already added. */
final class ActivationNodes {
    private ActivationNodes() {}

    static String append(GraphBuilder g, Activation activation, String value) {
        return switch (activation) {
            case GELU -> g.op("Gelu", List.of(value), Attribute.of("approximate", "none"));
            case GELU_TANH -> g.op("Gelu", List.of(value), Attribute.of("approximate", "tanh"));
            case RELU -> g.op("Relu", List.of(value));
            case SILU -> g.op("Mul", List.of(value, g.op("Sigmoid", List.of(value))));
            case TANH -> g.op("Tanh", List.of(value));
        };
    }
}
