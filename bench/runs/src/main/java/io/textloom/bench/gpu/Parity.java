package io.textloom.bench.gpu;

import io.textloom.runtime.EncoderSession;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Vectors of a session beside those of float32 on the CPU.
 *
 * @param least smallest cosine
 * @param mean of all cosines
 */
record Parity(int texts, double least, double mean) {
    /** What half precision must keep. */
    static final double LEAST_COSINE = 0.999;

    private static final int TEXTS = 48;
    private static final int BATCH = 8;

    boolean holds() {
        return least >= LEAST_COSINE;
    }

    /** Texts of 3 tokens to the longest, in batches with padding. */
    static Parity of(EncoderSession reference, EncoderSession checked) {
        int longest = reference.spec().maxPositions();
        Random random = new Random(4);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            int length = 3 + (longest - 3) * i * i / ((TEXTS - 1) * (TEXTS - 1));
            texts.add(random.ints(length, 0, reference.spec().vocabulary()).toArray());
        }
        texts.sort(Comparator.comparingInt(text -> text.length));
        double least = 1;
        double sum = 0;
        for (int from = 0; from < TEXTS; from += BATCH) {
            TokenBatch batch = TokenBatch.of(texts.subList(from, from + BATCH));
            float[] a = run(reference, batch);
            float[] b = run(checked, batch);
            int hidden = reference.spec().hidden();
            for (int row = 0; row < BATCH; row++) {
                double cosine = cosine(a, b, row * hidden, hidden);
                least = cosine >= least ? least : cosine; // NaN is least
                sum += cosine;
            }
        }
        return new Parity(TEXTS, least, sum / TEXTS);
    }

    private static float[] run(EncoderSession session, TokenBatch batch) {
        float[] out = new float[batch.size() * session.spec().hidden()];
        session.run(batch, out);
        return out;
    }

    static double cosine(float[] a, float[] b, int from, int length) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = from; i < from + length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }
}
