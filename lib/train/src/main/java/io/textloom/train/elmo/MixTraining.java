package io.textloom.train.elmo;

import io.textloom.spark.Progress;
import java.util.Arrays;

/** Learns the {@link LayerMix} on documents that the language models were trained on: halves of documents, each read alone, so that no state tells which belong together. */
final class MixTraining {
    /** Shorter documents have no halves worth the name; unit: tokens */
    private static final int LEAST_TOKENS = 16;

    /** Far from those of the language models. */
    private static final int EPOCH = 1 << 30;

    private final Net net;
    private final Chunk ahead;
    private final Chunk back;
    private final int width;
    private int done;
    private final float[][] forward = new float[LayerMix.LAYERS][];
    private final float[][] backward = new float[LayerMix.LAYERS][];

    MixTraining(Net net, int streams, int unroll) {
        this.net = net;
        ahead = new Chunk(streams, unroll);
        back = new Chunk(streams, unroll);
        width = net.parameters.shape.dimensions();
        for (int layer = 0; layer < LayerMix.LAYERS; layer++) {
            forward[layer] = new float[ahead.rows() * width];
            backward[layer] = new float[ahead.rows() * width];
        }
    }

    /** Steps that were learnt: fewer than asked for, or none, where the corpus has too few documents. */
    int steps() {
        return done;
    }

    /** @return the mix after {@code steps}, or after the last document */
    LayerMix run(Corpus corpus, int steps, Progress progress) {
        LayerMix mix = new LayerMix();
        int pairs = ahead.batch / 2;
        int[][] halves = new int[2 * pairs][];
        long start = System.nanoTime();
        try (Corpus.Epoch documents = corpus.epoch(EPOCH)) {
            for (int step = 0; step < steps && fill(halves, documents); step++) {
                mix.learn(products(halves), pairs);
                done = step + 1;
                progress.advanced(new Progress.Snapshot(step + 1, steps, step + 1, (System.nanoTime() - start) / 1e9));
            }
        }
        net.reset();
        return mix;
    }

    private boolean fill(int[][] halves, Corpus.Documents documents) {
        for (int i = 0; i < halves.length; i += 2) {
            int[] document = documents.next();
            while (document != null && document.length < LEAST_TOKENS) {
                document = documents.next();
            }
            if (document == null) {
                return false;
            }
            int middle = document.length / 2;
            halves[i] = Arrays.copyOf(document, Math.min(middle, ahead.steps));
            halves[i + 1] = Arrays.copyOfRange(document, middle, Math.min(document.length, middle + ahead.steps));
        }
        return true;
    }

    /** What {@link LayerMix#learn} takes. */
    private double[][][] products(int[][] halves) {
        net.reset();
        for (int stream = 0; stream < halves.length; stream++) {
            int[] half = halves[stream];
            for (int step = 0; step < ahead.steps; step++) {
                int row = step * ahead.batch + stream;
                if (step < half.length) {
                    ahead.put(row, half[step], Chunk.NOTHING, step == 0);
                    back.put(row, half[half.length - 1 - step], Chunk.NOTHING, step == 0);
                } else {
                    ahead.nothing(row);
                    back.nothing(row);
                }
            }
        }
        net.forward.represent(ahead, forward[0], forward[1], forward[2]);
        net.backward.represent(back, backward[0], backward[1], backward[2]);
        int pairs = halves.length / 2;
        double[][][] means = new double[LayerMix.LAYERS][halves.length][];
        for (int layer = 0; layer < LayerMix.LAYERS; layer++) {
            for (int stream = 0; stream < halves.length; stream++) {
                means[layer][stream] = mean(layer, stream, halves[stream].length);
            }
        }
        double[][][] products = new double[LayerMix.LAYERS][LayerMix.LAYERS][pairs * pairs];
        for (int j = 0; j < LayerMix.LAYERS; j++) {
            for (int k = 0; k < LayerMix.LAYERS; k++) {
                for (int a = 0; a < pairs; a++) {
                    for (int b = 0; b < pairs; b++) {
                        products[j][k][a * pairs + b] = dot(means[j][2 * a], means[k][2 * b + 1]);
                    }
                }
            }
        }
        return products;
    }

    /** Both directions side by side. */
    private double[] mean(int layer, int stream, int length) {
        double[] mean = new double[2 * width];
        for (int step = 0; step < length; step++) {
            int from = (step * ahead.batch + stream) * width;
            for (int i = 0; i < width; i++) {
                mean[i] += forward[layer][from + i] / length;
                mean[width + i] += backward[layer][from + i] / length;
            }
        }
        return mean;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
