package io.textloom.bench.embed;

import io.textloom.bench.BenchText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A peer's vectors against Textloom's, text by text.
 *
 * @param peer engine
 * @param texts compared: those that the peer did not cut
 * @param same of them, those with a cosine of {@link #SAME} or more
 * @param meanCosine,minCosine over them
 * @param cutTexts texts that the peer cut to its window
 * @param cutMeanCosine,cutMinCosine over those; 1 if there are none
 * @param paddedTokens computed by the peer, padding included; 0 where it counts its own; unit: tokens
 * @param paddingEfficiency real tokens over computed tokens; 0 where the peer counts its own
 */
record Agreement(
        String peer,
        int texts,
        int same,
        double meanCosine,
        double minCosine,
        int cutTexts,
        double cutMeanCosine,
        double cutMinCosine,
        long paddedTokens,
        double paddingEfficiency) {
    /** Far above what rounding explains, far below what a different pooling gives. */
    static final double SAME = 0.999;

    /**
     * @param batchSize rows that the peer pads to the longest of them; 0 where it counts its own padding
     * @param window longest text that the peer does not cut; unit: tokens
     * @param processed ids in the order in which each of the peer's tasks took them
     */
    static Agreement of(
            String peer,
            int batchSize,
            int window,
            List<BenchText> texts,
            Map<String, float[]> ours,
            Map<String, float[]> theirs,
            List<List<String>> processed) {
        List<Double> whole = new ArrayList<>();
        List<Double> cut = new ArrayList<>();
        Map<String, Integer> lengths = new HashMap<>();
        for (BenchText text : texts) {
            (text.tokens() > window ? cut : whole).add(cosine(vector(ours, text.id()), vector(theirs, text.id())));
            lengths.put(text.id(), Math.min(window, text.tokens()));
        }
        long padded = 0;
        for (List<String> task : batchSize == 0 ? List.<List<String>>of() : processed) {
            padded += padded(
                    task.stream().mapToInt(id -> lengths.getOrDefault(id, 0)).toArray(), batchSize);
        }
        long real = lengths.values().stream().mapToLong(Integer::longValue).sum();
        return new Agreement(
                peer,
                whole.size(),
                (int) whole.stream().filter(c -> c >= SAME).count(),
                mean(whole),
                min(whole),
                cut.size(),
                mean(cut),
                min(cut),
                padded,
                padded == 0 ? 0 : (double) real / padded);
    }

    /** Tokens computed when every {@code batchSize} neighbours are padded to the longest of them. */
    static long padded(int[] lengths, int batchSize) {
        long padded = 0;
        for (int from = 0; from < lengths.length; from += batchSize) {
            int to = Math.min(lengths.length, from + batchSize);
            int longest = 0;
            for (int i = from; i < to; i++) {
                longest = Math.max(longest, lengths[i]);
            }
            padded += (long) longest * (to - from);
        }
        return padded;
    }

    private static float[] vector(Map<String, float[]> vectors, String id) {
        float[] vector = vectors.get(id);
        if (vector == null) {
            throw new IllegalStateException("The text " + id + " has no vector; expected one from every engine");
        }
        return vector;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(d -> d).average().orElse(1);
    }

    private static double min(List<Double> values) {
        return values.stream().mapToDouble(d -> d).min().orElse(1);
    }
}
