package io.textloom.generate;

import io.textloom.tensor.Logits;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Beam search for one prompt, as Hugging Face transformers 5.23 does it. Each step takes the model's logits for the running beams and says
 * which beams go on and with which token.
 *
 * <p>Of the best candidates, at least twice as many as there are beams, those that end a completion and are among the first
 * {@code beams} enter the finished ones, of which the best are kept; the first that do not end go on. A score is a log-probability divided
 * by the length, the end token counted, to the power of the length penalty.
 */
final class BeamSearch {
    private final BeamOptions options;
    private final LogitsProcessors processors;
    private final BitSet endTokens;
    private final int maxNewTokens;
    private final StopCheck stops;
    private final BeamCandidates candidates;
    private final double[] scratch;
    /** Log-probabilities before the processors; none where those change nothing. */
    private final float[][] unprocessed;

    private Beam[] running;
    /** Best first. */
    private final List<Hypothesis> finished = new ArrayList<>();

    private int steps;
    private boolean done;

    /**
     * @param processors may serve other searches of the same thread
     * @param ofModel the model's end tokens; the options' are added
     * @param prompt what the completion follows; its completion is empty
     * @param maxNewTokens longest completion, at least 1
     * @param stops asked for candidates that no token ends
     */
    BeamSearch(
            SamplingOptions sampling,
            LogitsProcessors processors,
            int vocabularySize,
            BitSet ofModel,
            TokenHistory prompt,
            int maxNewTokens,
            StopCheck stops) {
        this.options = sampling.beams();
        this.processors = processors;
        this.endTokens = LogitsProcessors.endTokens(sampling, ofModel);
        this.maxNewTokens = maxNewTokens;
        this.stops = stops;
        this.candidates = new BeamCandidates(Math.max(2, 1 + endTokens.cardinality()) * options.count());
        this.scratch = new double[vocabularySize];
        boolean neutral = processors.isNeutral(0);
        this.unprocessed = new float[neutral ? 0 : options.count()][vocabularySize];
        this.running = new Beam[] {new Beam(prompt)};
    }

    /**
     * Beams that run: 1 before the first step, then those of the options. A beam may only fill its place where there are not as many
     * continuations; it repeats another.
     */
    int beams() {
        return running.length;
    }

    /** What a running beam holds; not to be changed. */
    TokenHistory history(int beam) {
        return running[beam].history;
    }

    boolean isDone() {
        return done;
    }

    /**
     * One step.
     *
     * @param logits float[beams()][vocabulary] as the model gave them, overwritten
     * @param allowed for each beam the tokens that a constraint allows, at least one; null for all
     * @param parents overwritten, int[options.count]: the beam whose keys and values each beam goes on with
     * @param tokens overwritten, int[options.count]: the token to give the model next for each beam; of no meaning when done
     * @return false if the logits are not numbers: the search has failed
     */
    boolean step(float[][] logits, @Nullable BitSet @Nullable [] allowed, int[] parents, int[] tokens) {
        candidates.clear();
        for (int beam = 0; beam < running.length; beam++) {
            if (running[beam].score > Float.NEGATIVE_INFINITY) {
                float[] row = logits[beam];
                normalise(row);
                if (unprocessed.length > 0) {
                    System.arraycopy(row, 0, unprocessed[beam], 0, row.length);
                }
                processors.apply(row, running[beam].history, allowed == null ? null : allowed[beam]);
                candidates.offer(beam, row, running[beam].score);
            }
        }
        if (candidates.size == 0) {
            done = true;
            return false;
        }
        steps++;
        advance(logits, parents, tokens);
        return true;
    }

    /** The best finished completions, best first; fewer than n where so many were not found. */
    List<Hypothesis> best(int n) {
        return List.copyOf(finished.subList(0, Math.min(n, finished.size())));
    }

    private void normalise(float[] row) {
        // in this order and in 32 bits, as it is done elsewhere
        float max = Logits.max(row, row.length);
        float rest = (float) (Logits.logSumExp(row, row.length, scratch) - max);
        for (int i = 0; i < row.length; i++) {
            row[i] = row[i] - max - rest;
        }
    }

    private void advance(float[][] logits, int[] parents, int[] tokens) {
        float divisor = (float) StrictMath.pow(steps, options.lengthPenalty());
        List<Hypothesis> ended = new ArrayList<>();
        int live = 0;
        float[] scores = new float[options.count()];
        float[] logprobs = new float[options.count()];
        for (int i = 0; i < candidates.size; i++) {
            Beam parent = running[candidates.beams[i]];
            int token = candidates.tokens[i];
            float logprob = (unprocessed.length > 0 ? unprocessed : logits)[candidates.beams[i]][token];
            boolean stopped = endTokens.get(token)
                    || stops.reached(parent.history.completionWith(token), parent.history.count + 1);
            if (stopped || steps == maxNewTokens) {
                if (i < options.count()) {
                    FinishReason reason = stopped ? FinishReason.STOP : FinishReason.LENGTH;
                    ended.add(parent.finish(token, logprob, candidates.scores[i] / divisor, reason));
                }
            } else if (live < options.count()) {
                parents[live] = candidates.beams[i];
                tokens[live] = token;
                scores[live] = candidates.scores[i];
                logprobs[live++] = logprob;
            }
        }
        ended.forEach(this::keep);
        done = live == 0 || isDecided(scores[0] / divisor);
        if (!done) {
            for (int filler = live; filler < options.count(); filler++) {
                parents[filler] = parents[0];
                tokens[filler] = tokens[0];
                scores[filler] = Float.NEGATIVE_INFINITY;
                logprobs[filler] = logprobs[0];
            }
            follow(parents, tokens, scores, logprobs);
        }
    }

    /** Enters it behind those that are as good, and drops the worst beyond the number of beams. */
    private void keep(Hypothesis hypothesis) {
        int at = finished.size();
        while (at > 0 && finished.get(at - 1).score < hypothesis.score) {
            at--;
        }
        finished.add(at, hypothesis);
        if (finished.size() > options.count()) {
            finished.remove(options.count());
        }
    }

    /** Whether enough have finished, and for good: with early stopping, or as no running beam can be better by its present length. */
    private boolean isDecided(float bestRunning) {
        return finished.size() == options.count()
                && (options.earlyStopping() || bestRunning <= finished.get(options.count() - 1).score);
    }

    private void follow(int[] parents, int[] tokens, float[] scores, float[] logprobs) {
        boolean[] taken = new boolean[running.length];
        Beam[] next = new Beam[options.count()];
        for (int i = 0; i < next.length; i++) {
            Beam parent = running[parents[i]];
            next[i] = taken[parents[i]] ? parent.copy() : parent;
            taken[parents[i]] = true;
        }
        for (int i = 0; i < next.length; i++) {
            next[i].add(tokens[i], logprobs[i], scores[i]);
        }
        running = next;
    }
}
