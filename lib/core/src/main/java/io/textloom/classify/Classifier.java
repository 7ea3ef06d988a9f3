package io.textloom.classify;

import io.textloom.runtime.EncoderStats;
import io.textloom.text.Rejection;
import io.textloom.token.ModelInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Texts to findings: tokenize, cut into windows, sort, batch, run, put back in order. For one caller at a time; many may share the model.
 *
 * <p>Give it many texts at a time: sorting by length among a thousand texts or more is what keeps padding low. What is found in a text does not depend on the texts
 * beside it.
 */
public final class Classifier implements ClassifyEngine {
    private final ClassifyingModel model;
    private final WindowRunner runner;
    private final InputCutter cutter;

    /** @param model stays the caller's to close */
    public Classifier(ClassifyingModel model) {
        this(model, model.model()::run);
    }

    Classifier(ClassifyingModel model, WindowRunner.Batches batches) {
        this.model = model;
        this.runner = new WindowRunner(model.model(), batches);
        this.cutter = model.model().cutter(model.windows());
    }

    @Override
    public List<ClassifyOutcome> classify(List<TextPair> texts, EncoderStats stats) {
        List<CutInput> cut = cut(texts, stats);
        List<ModelInput> windows = new ArrayList<>();
        for (CutInput text : cut) {
            windows.addAll(text.windows());
        }
        Found found = new Found(windows);
        runner.run(windows, found, stats);
        List<ClassifyOutcome> outcomes = new ArrayList<>(texts.size());
        int at = 0;
        for (int i = 0; i < texts.size(); i++) {
            int to = at + cut.get(i).windows().size();
            outcomes.add(outcome(texts.get(i).text(), cut.get(i), found, at, to));
            at = to;
        }
        return outcomes;
    }

    List<CutInput> cut(List<TextPair> texts, EncoderStats stats) {
        long start = System.nanoTime();
        List<CutInput> cut = new ArrayList<>(texts.size());
        for (TextPair text : texts) {
            cut.add(cutter.cut(text.text(), text.other().orElse(model.other())));
        }
        stats.tokenized(System.nanoTime() - start);
        return cut;
    }

    private ClassifyOutcome outcome(String text, CutInput cut, Found found, int from, int to) {
        if (cut.rejection().isPresent()) {
            return new ClassifyOutcome.Rejected(cut.rejection().get());
        }
        Optional<Rejection> failure = found.failure(from, to);
        if (failure.isPresent()) {
            return new ClassifyOutcome.Rejected(failure.get());
        }
        Finding finding = model.finder().find(text, cut, found.logits(from, to));
        return new ClassifyOutcome.Classified(finding, cut.windowTokens(), cut.dropped());
    }

    /** Logits of windows, as they come. */
    private final class Found implements WindowRunner.Results {
        private final List<ModelInput> windows;
        private final float[][] logits;
        private final Map<Integer, Rejection> failures = new HashMap<>();

        Found(List<ModelInput> windows) {
            this.windows = windows;
            this.logits = new float[windows.size()][];
        }

        @Override
        public void took(int window, float[] rows, int rowFrom, float[] tokens, int tokenFrom) {
            int width = model.model().rowWidth();
            int perToken = model.model().tokenWidth();
            logits[window] = width > 0
                    ? Arrays.copyOfRange(rows, rowFrom, rowFrom + width)
                    : Arrays.copyOfRange(
                            tokens, tokenFrom, tokenFrom + windows.get(window).size() * perToken);
        }

        @Override
        public void failed(int window, Rejection rejection) {
            failures.put(window, rejection);
        }

        Optional<Rejection> failure(int from, int to) {
            for (int i = from; i < to; i++) {
                Optional<Rejection> failure = Optional.ofNullable(failures.get(i));
                if (failure.isPresent()) {
                    return failure;
                }
            }
            return Optional.empty();
        }

        List<float[]> logits(int from, int to) {
            return Arrays.asList(logits).subList(from, to);
        }
    }

    @Override
    public void close() {
        cutter.close();
    }
}
