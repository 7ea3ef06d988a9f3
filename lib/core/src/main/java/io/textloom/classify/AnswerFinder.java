package io.textloom.classify;

import io.textloom.token.ModelInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Answers in texts: the best spans over all windows. The score of a span is the product of the probabilities that it begins and ends where it does, among the tokens
 * of the window's text and the special token before all, which stands for no answer.
 *
 * <p>Source: the question answering pipeline of transformers 4.53.
 */
final class AnswerFinder implements Finder {
    private final AnswerForm form;
    private final int topK;
    private final int maxTokens;
    private final boolean noAnswer;
    private final TextWords words;

    /**
     * @param topK answers kept
     * @param maxTokens longest answer; unit: tokens
     * @param noAnswer whether it is an answer that there is none
     */
    AnswerFinder(AnswerForm form, int topK, int maxTokens, boolean noAnswer, TextWords words) {
        this.form = form;
        this.topK = topK;
        this.maxTokens = maxTokens;
        this.noAnswer = noAnswer;
        this.words = words;
    }

    /** @param first,last tokens of the text */
    private record Span(int first, int last, double score) {}

    /** An answer whose score may still grow. */
    private static final class Candidate {
        final int start;
        final int end;
        double score;

        Candidate(int start, int end) {
            this.start = start;
            this.end = end;
        }
    }

    @Override
    public Finding find(String text, CutInput cut, List<float[]> logits) {
        CodePoints characters = new CodePoints(text);
        Map<Object, Candidate> found = new LinkedHashMap<>();
        double none = 1;
        for (int number = 0; number < logits.size(); number++) {
            ModelInput window = cut.windows().get(number);
            Probabilities probabilities = new Probabilities(cut, window, logits.get(number));
            none = Math.min(none, probabilities.none());
            for (Span span : probabilities.best(form == AnswerForm.WORDS ? 2 * topK + 10 : topK)) {
                add(characters, cut, probabilities, span, found);
            }
        }
        List<Candidate> candidates = new ArrayList<>(found.values());
        if (noAnswer) {
            Candidate nothing = new Candidate(0, 0);
            nothing.score = none;
            candidates.add(nothing);
        }
        candidates.sort(Comparator.comparingDouble((Candidate c) -> c.score).reversed());
        List<Answer> answers = new ArrayList<>();
        for (Candidate c : candidates.subList(0, Math.min(topK, candidates.size()))) {
            answers.add(new Answer(characters.part(c.start, c.end), (float) c.score, c.start, c.end));
        }
        return new Finding.Answers(answers, (float) none);
    }

    private void add(CodePoints text, CutInput cut, Probabilities window, Span span, Map<Object, Candidate> found) {
        if (form == AnswerForm.TOKENS) {
            int start = cut.start(span.first());
            int end = cut.end(span.last());
            Candidate candidate = found.computeIfAbsent(List.of(start, end), key -> new Candidate(start, end));
            candidate.score = Math.max(candidate.score, span.score());
            return;
        }
        int first = span.first();
        while (first > window.from && inside(text, cut, first)) {
            first--;
        }
        int last = span.last();
        while (last + 1 < window.to && inside(text, cut, last + 1)) {
            last++;
        }
        int start = cut.start(first);
        int end = cut.end(last);
        String said = text.part(start, end).toLowerCase(Locale.ROOT);
        found.computeIfAbsent(said, key -> new Candidate(start, end)).score += span.score();
    }

    private boolean inside(CodePoints text, CutInput cut, int token) {
        return words.insideWord(text, cut.id(token), cut.start(token));
    }

    /** Where an answer begins and ends in one window, and how likely. */
    private final class Probabilities {
        /** Tokens of the text that the window holds. */
        final int from;

        final int to;
        private final double[] starts;
        private final double[] ends;
        private final double none;

        Probabilities(CutInput cut, ModelInput window, float[] logits) {
            int place = 0;
            while (place < window.size() && cut.tokenAt(window, place) < 0) {
                place++;
            }
            int n = cut.textTokens(window);
            from = n == 0 ? 0 : cut.tokenAt(window, place);
            to = from + n;
            boolean special = window.sequences()[0] == ModelInput.SPECIAL;
            starts = new double[n];
            ends = new double[n];
            none = probabilities(logits, 0, place, starts, special) * probabilities(logits, 1, place, ends, special);
        }

        /** @return the probability of the first place, 0 if it does not count */
        private double probabilities(float[] logits, int which, int place, double[] out, boolean first) {
            double max = first ? logits[which] : Double.NEGATIVE_INFINITY;
            for (int i = 0; i < out.length; i++) {
                max = Math.max(max, logits[2 * (place + i) + which]);
            }
            double ofFirst = first ? Math.exp(logits[which] - max) : 0;
            double sum = ofFirst;
            for (int i = 0; i < out.length; i++) {
                out[i] = Math.exp(logits[2 * (place + i) + which] - max);
                sum += out[i];
            }
            for (int i = 0; i < out.length; i++) {
                out[i] /= sum;
            }
            return ofFirst / sum;
        }

        double none() {
            return none;
        }

        /** The best spans, best first; of equals the one that begins first. */
        List<Span> best(int count) {
            List<Span> best = new ArrayList<>();
            for (int start = 0; start < starts.length; start++) {
                for (int end = start; end < Math.min(start + maxTokens, ends.length); end++) {
                    double score = starts[start] * ends[end];
                    if (best.size() < count || score > best.get(count - 1).score()) {
                        int at = best.size();
                        while (at > 0 && best.get(at - 1).score() < score) {
                            at--;
                        }
                        best.add(at, new Span(from + start, from + end, score));
                        if (best.size() > count) {
                            best.remove(count);
                        }
                    }
                }
            }
            return best;
        }
    }
}
