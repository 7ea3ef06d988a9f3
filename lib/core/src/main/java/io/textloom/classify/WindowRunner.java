package io.textloom.classify;

import io.textloom.runtime.BatchPlanner;
import io.textloom.runtime.EncoderStats;
import io.textloom.runtime.InferenceException;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.ModelInput;
import io.textloom.token.TokenBatch;
import java.util.Arrays;
import java.util.List;

/** Runs windows in batches with little padding and hands out their logits. For one caller at a time. */
final class WindowRunner {
    /** Logits of wanted places in one call, about; unit: floats */
    private static final int MAX_LOGITS = 1 << 24;

    private static final int[] NONE = new int[0];

    private final HeadModel model;
    private final Batches batches;

    /** Runs one batch; the native model, or something that fails on purpose. */
    interface Batches {
        /**
         * @param wanted places in the batch's ids; empty unless the model gives wanted places alone
         * @param rows float[rows * rowWidth], row-major, overwritten
         * @param tokens float[total tokens * tokenWidth], or float[wanted * tokenWidth], row-major, overwritten
         */
        void run(TokenBatch batch, int[] wanted, float[] rows, float[] tokens);
    }

    /** Takes what the model gives for windows; in which order is not said. */
    interface Results {
        /**
         * @param rows the window's logits stand from {@code rowFrom} on
         * @param tokens those of its tokens, or of its wanted places, from {@code tokenFrom} on
         */
        void took(int window, float[] rows, int rowFrom, float[] tokens, int tokenFrom);

        void failed(int window, Rejection rejection);
    }

    WindowRunner(HeadModel model, Batches batches) {
        this.model = model;
        this.batches = batches;
    }

    /** Places of one window that one call may ask for. */
    static int maxWanted(int tokenWidth) {
        return Math.max(1, MAX_LOGITS / Math.max(1, tokenWidth));
    }

    /** For a model that gives all tokens, or rows. */
    void run(List<ModelInput> windows, Results results, EncoderStats stats) {
        run(windows, List.of(), results, stats);
    }

    /** @param wanted of each window the places wanted, at least one; empty for a model that gives all */
    void run(List<ModelInput> windows, List<int[]> wanted, Results results, EncoderStats stats) {
        int[] lengths = new int[windows.size()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = windows.get(i).size();
        }
        Run run = new Run(windows, wanted, results, stats);
        int max = maxWanted(model.tokenWidth());
        for (int[] batch : BatchPlanner.plan(lengths, model.budget())) {
            int from = 0;
            for (int at = 0, asked = 0; at < batch.length; at++) {
                int more = run.wanted(batch[at]).length;
                if (at > from && asked + more > max) {
                    run.batch(batch, from, at);
                    from = at;
                    asked = 0;
                }
                asked += more;
            }
            run.batch(batch, from, batch.length);
        }
    }

    private final class Run {
        private final List<ModelInput> windows;
        private final List<int[]> wanted;
        private final Results results;
        private final EncoderStats stats;

        Run(List<ModelInput> windows, List<int[]> wanted, Results results, EncoderStats stats) {
            this.windows = windows;
            this.wanted = wanted;
            this.results = results;
            this.stats = stats;
        }

        int[] wanted(int window) {
            return wanted.isEmpty() ? NONE : wanted.get(window);
        }

        /** Runs the windows {@code numbers[from, to)}; if that fails, each half, down to the window that fails alone. */
        void batch(int[] numbers, int from, int to) {
            TokenBatch batch = together(numbers, from, to);
            int[] places = places(batch, numbers, from, to);
            int given = wanted.isEmpty() ? batch.totalTokens() : places.length;
            float[] rows = new float[batch.size() * model.rowWidth()];
            float[] tokens = new float[given * model.tokenWidth()];
            long start = System.nanoTime();
            try {
                batches.run(batch, places, rows, tokens);
            } catch (InferenceException | IllegalArgumentException e) {
                if (to - from == 1) {
                    results.failed(numbers[from], InferenceException.rejection(e));
                } else {
                    int middle = (from + to) >>> 1;
                    batch(numbers, from, middle);
                    batch(numbers, middle, to);
                }
                return;
            }
            long nanos = System.nanoTime() - start;
            double flops = 0;
            int at = 0;
            for (int row = 0; row < batch.size(); row++) {
                int window = numbers[from + row];
                int count = wanted.isEmpty() ? batch.length(row) : wanted(window).length;
                hand(window, rows, row * model.rowWidth(), tokens, at * model.tokenWidth(), count);
                at += count;
                flops += model.flops(batch.length(row));
            }
            stats.batch(batch.totalTokens(), (long) batch.size() * batch.maxLength(), flops, nanos);
        }

        private void hand(int window, float[] rows, int rowFrom, float[] tokens, int tokenFrom, int count) {
            if (isFinite(rows, rowFrom, model.rowWidth()) && isFinite(tokens, tokenFrom, count * model.tokenWidth())) {
                results.took(window, rows, rowFrom, tokens, tokenFrom);
            } else {
                results.failed(
                        window, new Rejection(RejectCode.MODEL_FAILED, "The model gave a logit that is not finite"));
            }
        }

        private TokenBatch together(int[] numbers, int from, int to) {
            int[] offsets = new int[to - from + 1];
            for (int i = from; i < to; i++) {
                offsets[i - from + 1] =
                        offsets[i - from] + windows.get(numbers[i]).size();
            }
            int[] ids = new int[offsets[to - from]];
            int[] types = new int[ids.length];
            for (int i = from; i < to; i++) {
                ModelInput window = windows.get(numbers[i]);
                System.arraycopy(window.ids(), 0, ids, offsets[i - from], window.size());
                System.arraycopy(window.typeIds(), 0, types, offsets[i - from], window.size());
            }
            return new TokenBatch(ids, offsets, types);
        }

        private int[] places(TokenBatch batch, int[] numbers, int from, int to) {
            int[] places = new int[batch.totalTokens()];
            int n = 0;
            for (int i = from; i < to; i++) {
                for (int place : wanted(numbers[i])) {
                    places = n == places.length ? Arrays.copyOf(places, 2 * n) : places;
                    places[n++] = batch.offset(i - from) + place;
                }
            }
            return Arrays.copyOf(places, n);
        }
    }

    private static boolean isFinite(float[] values, int from, int n) {
        float zero = 0;
        for (int i = from; i < from + n; i++) {
            zero += values[i] * 0;
        }
        return zero == 0;
    }
}
