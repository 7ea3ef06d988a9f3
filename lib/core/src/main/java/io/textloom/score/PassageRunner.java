package io.textloom.score;

import io.textloom.runtime.BatchPlanner;
import io.textloom.runtime.EncoderStats;
import io.textloom.runtime.InferenceException;
import io.textloom.runtime.TokenBudget;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.TokenBatch;
import java.util.List;

/** Runs passages in batches with little padding. For one caller at a time. */
final class PassageRunner {
    private final Batches batches;
    private final TokenBudget budget;

    /** Runs one batch; the native model, or something that fails on purpose. */
    interface Batches {
        /** As {@link io.textloom.runtime.LikelihoodSession#run}. */
        void run(TokenBatch batch, int[] places, int[] targets, float[] logprobs, float[] margins);

        /** Floating point operations of a text of {@code tokens} of which {@code places} are asked about. */
        double flops(int tokens, int places);
    }

    PassageRunner(Batches batches, TokenBudget budget) {
        this.batches = batches;
        this.budget = budget;
    }

    /** Gives every passage its answers, or the reason why it has none. */
    void run(List<Passage> passages, EncoderStats stats) {
        int[] lengths = new int[passages.size()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = passages.get(i).inputs().length;
        }
        for (int[] batch : BatchPlanner.plan(lengths, budget)) {
            run(passages, batch, 0, batch.length, stats);
        }
    }

    /** Runs the passages {@code numbers[from, to)}; if that fails, each half, down to the one that fails alone. */
    private void run(List<Passage> passages, int[] numbers, int from, int to, EncoderStats stats) {
        int[] offsets = new int[to - from + 1];
        int questions = 0;
        for (int i = from; i < to; i++) {
            Passage passage = passages.get(numbers[i]);
            offsets[i - from + 1] = offsets[i - from] + passage.inputs().length;
            questions += passage.questions();
        }
        int[] ids = new int[offsets[to - from]];
        int[] places = new int[questions];
        int[] targets = new int[questions];
        double flops = 0;
        for (int i = from, q = 0; i < to; i++) {
            Passage passage = passages.get(numbers[i]);
            int offset = offsets[i - from];
            System.arraycopy(passage.inputs(), 0, ids, offset, passage.inputs().length);
            for (int question = 0; question < passage.questions(); question++, q++) {
                places[q] = offset + passage.place(question);
                targets[q] = passage.target(question);
            }
            flops += batches.flops(passage.inputs().length, passage.questions());
        }
        TokenBatch batch = new TokenBatch(ids, offsets);
        float[] logprobs = new float[questions];
        float[] margins = new float[questions];
        long start = System.nanoTime();
        try {
            batches.run(batch, places, targets, logprobs, margins);
        } catch (InferenceException | IllegalArgumentException e) {
            if (to - from == 1) {
                passages.get(numbers[from]).fail(InferenceException.rejection(e));
            } else {
                int middle = (from + to) >>> 1;
                run(passages, numbers, from, middle, stats);
                run(passages, numbers, middle, to, stats);
            }
            return;
        }
        stats.batch(batch.totalTokens(), (long) batch.size() * batch.maxLength(), flops, System.nanoTime() - start);
        for (int i = from, q = 0; i < to; i++) {
            Passage passage = passages.get(numbers[i]);
            hand(passage, logprobs, margins, q);
            q += passage.questions();
        }
    }

    private static void hand(Passage passage, float[] logprobs, float[] margins, int from) {
        for (int i = from; i < from + passage.questions(); i++) {
            if (!Float.isFinite(logprobs[i])) {
                passage.fail(
                        new Rejection(RejectCode.MODEL_FAILED, "The model gave a log-probability that is not finite"));
                return;
            }
        }
        passage.answer(logprobs, margins, from);
    }
}
