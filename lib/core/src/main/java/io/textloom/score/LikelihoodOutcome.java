package io.textloom.score;

import io.textloom.text.Rejection;

/** What became of one text. */
public sealed interface LikelihoodOutcome {
    /** How likely a text is. Owns its arrays; a reader must not change them. */
    final class Scored implements LikelihoodOutcome {
        private final double logprob;
        private final int bytes;
        private final int dropped;
        private final int[] ids;
        private final float[] logprobs;
        private final boolean[] likeliest;

        Scored(double logprob, int bytes, int dropped, int[] ids, float[] logprobs, boolean[] likeliest) {
            this.logprob = logprob;
            this.bytes = bytes;
            this.dropped = dropped;
            this.ids = ids;
            this.logprobs = logprobs;
            this.likeliest = likeliest;
        }

        /** Natural logarithm of the probability of all scored tokens. */
        public double logprob() {
            return logprob;
        }

        /** Tokens that were scored, at least one. */
        public int tokens() {
            return ids.length;
        }

        /** What these stand for; unit: bytes of UTF-8 */
        public int bytes() {
            return bytes;
        }

        /** Tokens of the text that were not scored because it is too long, and tokens of its context that were left out. */
        public int dropped() {
            return dropped;
        }

        /** The scored tokens. */
        public int[] ids() {
            return ids;
        }

        /** Of each its own. */
        public float[] logprobs() {
            return logprobs;
        }

        /** Of each whether no token is likelier. */
        public boolean[] likeliest() {
            return likeliest;
        }

        /** Whether greedy generation would have written the text. */
        public boolean greedy() {
            for (boolean one : likeliest) {
                if (!one) {
                    return false;
                }
            }
            return true;
        }
    }

    record Rejected(Rejection rejection) implements LikelihoodOutcome {}
}
