package io.textloom.train.word2vec;

/**
 * How likely an occurrence of a word is kept: 1 for all but the most frequent words. Immutable.
 *
 * <p>Source: the released word2vec, whose rule differs a little from the paper's: {@code sqrt(t / f) + t / f} for a word that is the share {@code f} of the corpus.
 */
final class Thinning {
    private final float[] kept;

    /** @param sample share of the corpus above which words are thinned out; 0 for never */
    Thinning(long[] counts, double sample) {
        kept = new float[counts.length];
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        for (int i = 0; i < kept.length; i++) {
            double ratio = sample * total / counts[i];
            kept[i] = sample == 0 ? 1 : (float) Math.min(1, Math.sqrt(ratio) + ratio);
        }
    }

    /** @return how many of {@code ids[from .. to)} are kept, written to {@code out} */
    int thin(int[] ids, int from, int to, Draws draws, int[] out) {
        int size = 0;
        for (int i = from; i < to; i++) {
            float share = kept[ids[i]];
            if (share >= 1 || draws.fraction() < share) {
                out[size++] = ids[i];
            }
        }
        return size;
    }
}
