package io.textloom.runtime;

import io.textloom.model.TensorInfo;
import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.List;

/** Products in float32. Gemm adds a bias nearly for free, and keeps it out of BiasGelu, which is half as fast as Gelu. */
final class FloatLinears implements Linears {
    private final GraphBuilder g;

    FloatLinears(GraphBuilder g) {
        this.g = g;
    }

    @Override
    public String linear(String input, TensorInfo weight, String bias) {
        return bias.isEmpty()
                ? g.contrib("FusedMatMul", List.of(input, g.weight(weight)), Attribute.of("transB", 1L))
                : g.op("Gemm", List.of(input, g.weight(weight), bias), Attribute.of("transB", 1L));
    }

    @Override
    public String conv1d(String input, TensorInfo weight, String bias) {
        return bias.isEmpty()
                ? g.op("MatMul", List.of(input, g.weight(weight)))
                : g.op("Gemm", List.of(input, g.weight(weight), bias));
    }
}
