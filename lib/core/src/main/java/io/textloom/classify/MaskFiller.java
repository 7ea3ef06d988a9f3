package io.textloom.classify;

import io.textloom.runtime.EncoderStats;
import io.textloom.text.Rejection;
import io.textloom.token.ModelInput;
import io.textloom.token.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Texts with masks to the tokens that may stand there. For one caller at a time; many may share the model.
 *
 * <p>A mask of a long document is filled in the window that holds most of the text around it, and windows without such a mask are not computed.
 */
public final class MaskFiller implements AutoCloseable {
    private final FillMaskModel model;
    private final WindowRunner runner;
    private final InputCutter cutter;
    private final Tokenizer tokenizer;

    /** @param model stays the caller's to close */
    public MaskFiller(FillMaskModel model) {
        this.model = model;
        this.runner = new WindowRunner(model.model(), model.model()::run);
        this.cutter = model.model().cutter(model.windows());
        this.tokenizer = model.model().tokenizer();
    }

    /**
     * @param stats added to
     * @return what became of each text, in the order of {@code texts}
     */
    public List<FillMaskOutcome> fill(List<TextPair> texts, EncoderStats stats) {
        long start = System.nanoTime();
        List<Masks> masks = new ArrayList<>(texts.size());
        Calls calls = new Calls();
        for (TextPair text : texts) {
            Masks ofText = new Masks(cutter.cut(text.text(), text.other().orElse("")));
            masks.add(ofText);
            calls.add(ofText);
        }
        stats.tokenized(System.nanoTime() - start);
        runner.run(calls.windows, calls.places, calls, stats);
        return masks.stream().map(Masks::outcome).toList();
    }

    /** The masks of one text and what may stand there. */
    private final class Masks {
        final CutInput cut;
        /** Of each mask where it stands in the text's tokens; in their order, as windows are. */
        final List<Integer> tokens = new ArrayList<>();
        /** Of each mask its best ids and their scores, once they are known. */
        final List<int[]> ids = new ArrayList<>();

        final List<float[]> scores = new ArrayList<>();
        Optional<Float> nextSentence = Optional.empty();

        @Nullable
        Rejection failure;

        Masks(CutInput cut) {
            this.cut = cut;
            this.failure = cut.rejection().orElse(null);
        }

        int add(int token) {
            tokens.add(token);
            ids.add(new int[0]);
            scores.add(new float[0]);
            return tokens.size() - 1;
        }

        FillMaskOutcome outcome() {
            if (failure != null) {
                return new FillMaskOutcome.Rejected(failure);
            }
            List<FilledMask> predictions = new ArrayList<>();
            for (int mask = 0; mask < tokens.size(); mask++) {
                int token = tokens.get(mask);
                for (int i = 0; i < ids.get(mask).length; i++) {
                    int id = ids.get(mask)[i];
                    predictions.add(
                            new FilledMask(token, cut.start(token), cut.end(token), text(id), id, scores.get(mask)[i]));
                }
            }
            return new FillMaskOutcome.Filled(predictions, nextSentence, cut.windowTokens(), cut.dropped());
        }

        private String text(int id) {
            String decoded = tokenizer.decode(new int[] {id}, 0, 1);
            return decoded.isEmpty() ? tokenizer.spelling().of(id) : decoded;
        }
    }

    /** What of all texts has to run; a window more than once if it has more masks than one call may ask for. */
    private final class Calls implements WindowRunner.Results {
        final List<ModelInput> windows = new ArrayList<>();
        final List<int[]> places = new ArrayList<>();
        /** Of each call its text. */
        private final List<Masks> texts = new ArrayList<>();
        /** Of each call and place the number of the mask; -1 for a place that is asked for because one must be. */
        private final List<int[]> masks = new ArrayList<>();
        /** Whether the call is the text's first window's first. */
        private final List<Boolean> first = new ArrayList<>();

        void add(Masks text) {
            int[] widest = text.cut.widestWindows();
            int max = WindowRunner.maxWanted(model.model().tokenWidth());
            for (int number = 0; number < text.cut.windows().size(); number++) {
                ModelInput window = text.cut.windows().get(number);
                int[] found = new int[window.size()];
                int n = 0;
                for (int place = 0; place < window.size(); place++) {
                    int token = text.cut.tokenAt(window, place);
                    if (token >= 0 && text.cut.id(token) == model.maskId() && widest[token] == number) {
                        found[n++] = place;
                    }
                }
                boolean asksNext = number == 0 && model.hasNextSentence();
                if (n == 0 && asksNext) {
                    call(text, window, new int[] {0}, new int[] {-1}, true);
                }
                for (int from = 0; from < n; from += max) {
                    int[] part = Arrays.copyOfRange(found, from, Math.min(n, from + max));
                    int[] numbers = new int[part.length];
                    for (int i = 0; i < part.length; i++) {
                        numbers[i] = text.add(text.cut.tokenAt(window, part[i]));
                    }
                    call(text, window, part, numbers, asksNext && from == 0);
                }
            }
        }

        private void call(Masks text, ModelInput window, int[] wanted, int[] numbers, boolean next) {
            windows.add(window);
            places.add(wanted);
            texts.add(text);
            masks.add(numbers);
            first.add(next);
        }

        @Override
        public void took(int call, float[] rows, int rowFrom, float[] tokens, int tokenFrom) {
            Masks text = texts.get(call);
            int vocabulary = model.model().tokenWidth();
            int[] numbers = masks.get(call);
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] >= 0) {
                    int from = tokenFrom + i * vocabulary;
                    int[] ids = best(tokens, from, vocabulary, model.topK());
                    text.ids.set(numbers[i], ids);
                    text.scores.set(numbers[i], scores(tokens, from, vocabulary, ids));
                }
            }
            if (first.get(call)) {
                float[] next = new float[2];
                Softmax.of(rows, rowFrom, 2, next, 0);
                text.nextSentence = Optional.of(next[0]);
            }
        }

        @Override
        public void failed(int call, Rejection rejection) {
            texts.get(call).failure = rejection;
        }
    }

    /** The places of the largest of {@code values[from, from + n)}, largest first, of equals the first. */
    static int[] best(float[] values, int from, int n, int count) {
        int[] best = new int[Math.min(count, n)];
        int found = 0;
        for (int i = 0; i < n; i++) {
            float value = values[from + i];
            if (found == best.length && value <= values[from + best[found - 1]]) {
                continue;
            }
            int at = found == best.length ? found - 1 : found++;
            while (at > 0 && values[from + best[at - 1]] < value) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = i;
        }
        return best;
    }

    private static float[] scores(float[] logits, int from, int n, int[] ids) {
        double max = Softmax.max(logits, from, n);
        double sum = Softmax.sumOfPowers(logits, from, n, max);
        float[] scores = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            scores[i] = (float) (Math.exp(logits[from + ids[i]] - max) / sum);
        }
        return scores;
    }

    @Override
    public void close() {
        cutter.close();
    }
}
