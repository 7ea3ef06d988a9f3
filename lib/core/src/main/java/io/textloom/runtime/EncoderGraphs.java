package io.textloom.runtime;

import io.textloom.model.BertSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.tensor.Pooling;

/** Which graph runs a model folder. */
final class EncoderGraphs {
    private EncoderGraphs() {}

    static EncoderGraph of(ModelFolder folder, BertSpec spec, Pooling pooling, boolean normalize) {
        if (folder.weights().isPresent()) {
            return BertGraph.build(spec, folder.weights().get(), pooling, normalize);
        }
        return PlainGraph.build(
                folder.onnx().orElseThrow(() -> new ModelException("The folder " + folder + " has no weights")),
                spec.hidden(),
                pooling,
                normalize);
    }
}
