package io.textloom.classify;

import io.textloom.tensor.Logits;
import io.textloom.token.ModelInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Entities in texts. A token of a long document has the logits of the window that holds most of the text around it.
 *
 * <p>Source: the token classification pipeline of transformers 5.23, which merges the entities of windows where this merges the tokens.
 */
final class EntityFinder implements Finder {
    /** The label of what is no entity. */
    private static final String OUTSIDE = "O";

    private final List<String> labels;
    private final Aggregation aggregation;
    private final TextWords words;

    /** @param labels by number */
    EntityFinder(List<String> labels, Aggregation aggregation, TextWords words) {
        this.labels = labels;
        this.aggregation = aggregation;
        this.words = words;
    }

    @Override
    public Finding find(String text, CutInput cut, List<float[]> logits) {
        int[] widest = cut.widestWindows();
        int held = 0;
        while (held < widest.length && widest[held] >= 0) {
            held++;
        }
        float[] scores = new float[held * labels.size()];
        for (int number = 0; number < logits.size(); number++) {
            ModelInput window = cut.windows().get(number);
            for (int place = 0; place < window.size(); place++) {
                int token = cut.tokenAt(window, place);
                if (token >= 0 && widest[token] == number) {
                    score(logits.get(number), place, scores, token);
                }
            }
        }
        return new Finding.Entities(entities(new CodePoints(text), cut, 0, held, scores));
    }

    /** The entities of one window alone. */
    List<Entity> entitiesOf(String text, CutInput cut, ModelInput window, float[] logits) {
        int from = -1;
        float[] scores = new float[cut.textTokens(window) * labels.size()];
        int n = 0;
        for (int place = 0; place < window.size(); place++) {
            int token = cut.tokenAt(window, place);
            if (token >= 0) {
                from = from < 0 ? token : from;
                score(logits, place, scores, n++);
            }
        }
        return entities(new CodePoints(text), cut, Math.max(0, from), n, scores);
    }

    private void score(float[] logits, int place, float[] scores, int token) {
        Softmax.of(logits, place * labels.size(), labels.size(), scores, token * labels.size());
    }

    /**
     * @param first token of the text
     * @param n tokens from there on
     * @param scores float[n * labels]
     */
    private List<Entity> entities(CodePoints text, CutInput cut, int first, int n, float[] scores) {
        List<Entity> found =
                aggregation.byWord() ? words(text, cut, first, n, scores) : tokens(text, cut, first, n, scores);
        List<Entity> entities = aggregation == Aggregation.NONE ? found : grouped(found);
        return entities.stream()
                .filter(entity -> !entity.label().equals(OUTSIDE))
                .toList();
    }

    /** Every token with its best label. */
    private List<Entity> tokens(CodePoints text, CutInput cut, int first, int n, float[] scores) {
        List<Entity> tokens = new ArrayList<>(n);
        float[] ofToken = new float[labels.size()];
        for (int i = 0; i < n; i++) {
            System.arraycopy(scores, i * ofToken.length, ofToken, 0, ofToken.length);
            int best = Logits.argmax(ofToken, ofToken.length);
            tokens.add(new Entity(
                    labels.get(best),
                    ofToken[best],
                    spelled(text, cut, first + i),
                    cut.start(first + i),
                    cut.end(first + i)));
        }
        return tokens;
    }

    /** Every word with the label that the aggregation gives it. */
    private List<Entity> words(CodePoints text, CutInput cut, int first, int n, float[] scores) {
        List<Entity> found = new ArrayList<>();
        float[] ofWord = new float[labels.size()];
        for (int from = 0; from < n; ) {
            int to = from + 1;
            while (to < n && continues(text, cut, first + to)) {
                to++;
            }
            aggregation.word(scores, labels.size(), from, to, ofWord);
            int best = Logits.argmax(ofWord, ofWord.length);
            List<String> spelled = new ArrayList<>(to - from);
            for (int i = from; i < to; i++) {
                spelled.add(spelled(text, cut, first + i));
            }
            found.add(new Entity(
                    labels.get(best),
                    ofWord[best],
                    words.spelling().text(spelled),
                    cut.start(first + from),
                    cut.end(first + to - 1)));
            from = to;
        }
        return found;
    }

    /** Neighbours of one label as one; a label that begins with B- begins another. */
    private List<Entity> grouped(List<Entity> parts) {
        List<Entity> groups = new ArrayList<>();
        for (int from = 0; from < parts.size(); ) {
            int to = from + 1;
            String tag = tag(parts.get(from).label());
            while (to < parts.size()
                    && !parts.get(to).label().startsWith("B-")
                    && tag(parts.get(to).label()).equals(tag)) {
                to++;
            }
            double sum = 0;
            String[] spelled = new String[to - from];
            for (int i = from; i < to; i++) {
                sum += parts.get(i).score();
                spelled[i - from] = parts.get(i).word();
            }
            String label = parts.get(from).label();
            groups.add(new Entity(
                    label.substring(label.indexOf('-') + 1),
                    (float) (sum / (to - from)),
                    words.spelling().text(Arrays.asList(spelled)),
                    parts.get(from).start(),
                    parts.get(to - 1).end()));
            from = to;
        }
        return groups;
    }

    private static String tag(String label) {
        return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
    }

    private String spelled(CodePoints text, CutInput cut, int token) {
        return words.spelled(text, cut.id(token), cut.start(token), cut.end(token));
    }

    private boolean continues(CodePoints text, CutInput cut, int token) {
        return words.continues(text, cut.id(token), cut.start(token), cut.end(token));
    }
}
