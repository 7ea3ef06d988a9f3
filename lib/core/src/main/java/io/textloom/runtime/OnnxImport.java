package io.textloom.runtime;

import io.textloom.model.EncoderSpec;
import io.textloom.model.ImportCheck;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelStore;
import io.textloom.tensor.Pooling;
import io.textloom.token.TokenBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Proves an import: the ONNX file as it is and the fused graph on the recovered weights give the same vectors. */
public final class OnnxImport implements ImportCheck {
    /** Largest difference of a component of two unit vectors that rounding explains. */
    static final float TOLERANCE = 1e-4f;

    private static final int[] PROBE_LENGTHS = {3, 8, 33, 64};

    /** A model store that verifies what it imports. */
    public static ModelStore store() {
        return new ModelStore(new OnnxImport());
    }

    @Override
    public void probe(Path onnx) {
        OnnxProbe.check(onnx);
    }

    @Override
    public void verify(Path onnx, ModelFolder imported) {
        float difference = difference(onnx, imported);
        if (!(difference <= TOLERANCE)) {
            throw new ModelException("The weights recovered from " + onnx + " give vectors that differ by " + difference
                    + ", expected at most " + TOLERANCE + "; the file is no plain BERT export");
        }
    }

    /** Largest difference of a component over mean and CLS pooling of a few made-up sequences. */
    static float difference(Path onnx, ModelFolder imported) {
        EncoderSpec spec = imported.encoderSpec();
        TokenBatch probes = probes(spec);
        float worst = 0;
        for (Pooling pooling : List.of(Pooling.MEAN, Pooling.CLS)) {
            EncoderRequest request = EncoderRequest.pooled(pooling, true);
            float[] plain = new float[probes.size() * spec.hidden()];
            float[] fused = new float[plain.length];
            try (EncoderSession session = EncoderSession.open(spec, PlainGraph.build(onnx, spec, request), 1)) {
                session.run(probes, plain);
            }
            try (EncoderSession session = EncoderSession.open(imported, request, 1)) {
                session.run(probes, fused);
            }
            for (int i = 0; i < plain.length; i++) {
                float d = Math.abs(plain[i] - fused[i]);
                worst = d <= worst ? worst : d; // NaN is worst
            }
        }
        return worst;
    }

    private static TokenBatch probes(EncoderSpec spec) {
        Random random = new Random(17);
        List<int[]> rows = new ArrayList<>();
        for (int length : PROBE_LENGTHS) {
            rows.add(random.ints(Math.min(length, spec.maxPositions()), 0, spec.vocabulary())
                    .toArray());
        }
        return TokenBatch.of(rows);
    }
}
