package io.textloom.classify;

import io.textloom.token.ModelInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Labels of whole texts.
 *
 * <p>The logits of a long document are the mean of its windows' logits, each weighted by how many tokens of the text the window holds; a window without one counts as
 * one token.
 *
 * @param labels by number
 * @param topK labels kept; 0 for all
 * @param threshold labels with lower scores are left out
 */
record LabelFinder(List<String> labels, ScoreFunction function, int topK, double threshold) implements Finder {
    @Override
    public Finding find(String text, CutInput cut, List<float[]> logits) {
        return ofScores(function.scores(mean(cut, logits)));
    }

    /** Of the logits of a text that has one of each. */
    Finding of(float[] logits) {
        double[] wide = new double[logits.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = logits[i];
        }
        return ofScores(function.scores(wide));
    }

    private Finding ofScores(float[] scores) {
        List<LabelScore> found = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            if (threshold == 0 || scores[i] >= threshold) {
                found.add(new LabelScore(labels.get(i), scores[i]));
            }
        }
        found.sort(
                Comparator.comparingDouble((LabelScore score) -> score.score()).reversed());
        Optional<LabelScore> best = found.stream().findFirst();
        return new Finding.Labels(best, topK == 0 || topK > found.size() ? found : found.subList(0, topK));
    }

    private static double[] mean(CutInput cut, List<float[]> logits) {
        double[] mean = new double[logits.get(0).length];
        double weights = 0;
        for (int number = 0; number < logits.size(); number++) {
            ModelInput window = cut.windows().get(number);
            double weight = Math.max(1, cut.textTokens(window));
            float[] ofWindow = logits.get(number);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += weight * ofWindow[i];
            }
            weights += weight;
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= weights;
        }
        return mean;
    }
}
