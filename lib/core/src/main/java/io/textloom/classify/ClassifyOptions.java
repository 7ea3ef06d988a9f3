package io.textloom.classify;

import io.textloom.tensor.Precision;
import io.textloom.token.LongDocuments;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the classify job does with each text.
 *
 * @param topK labels or answers kept; 0 for all labels, and one answer
 * @param threshold of a multi-label model: labels below it are left out; unit: probability
 * @param activation what makes scores of a text's logits
 * @param answerTokens longest answer; unit: tokens
 * @param nullAnswer whether it is an answer that there is none
 * @param question asked of every text, or empty
 * @param questionColumn column that holds each text's question, or empty
 * @param query put before every text, or empty
 * @param queryColumn column that holds what is put before each text, or empty
 * @param pairColumn column that holds what is put behind each text, or empty
 * @param head which of a folder's heads on frozen vectors; empty for the only one
 * @param choicesColumn column that holds each text's list of choices, or empty
 * @param maxTokens longest window, special tokens included; 0 for the model's own limit, and at most 8192; unit: tokens
 * @param stride overlap of neighbouring windows; -1 for what suits the task; unit: tokens
 * @param precision in which the model computes
 * @param batchTokens padded size of one batch; 0 for what suits the device; unit: tokens
 */
public record ClassifyOptions(
        ClassifyTask task,
        int topK,
        double threshold,
        ScoreFunction activation,
        Aggregation aggregation,
        AnswerForm answers,
        int answerTokens,
        boolean nullAnswer,
        String question,
        String questionColumn,
        String query,
        String queryColumn,
        String pairColumn,
        String head,
        String choicesColumn,
        int maxTokens,
        int stride,
        LongDocuments longDocuments,
        Precision precision,
        int batchTokens)
        implements Serializable {
    public ClassifyOptions {
        requireAtLeast("classify.topK", topK, 0);
        requireAtLeast("classify.answerTokens", answerTokens, 1);
        requireAtLeast("classify.maxTokens", maxTokens, 0);
        requireAtLeast("classify.stride", stride, -1);
        requireAtLeast("classify.batchTokens", batchTokens, 0);
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException(
                    "classify.threshold is " + threshold + "; expected a probability from 0 to 1");
        }
        List<String> given = Stream.of(question, questionColumn, query, queryColumn, pairColumn)
                .filter(text -> !text.isEmpty())
                .toList();
        if (given.size() > 1) {
            throw new IllegalArgumentException(
                    "classify has several texts to put beside each text (" + String.join(", ", given)
                            + "); expected one of question, questionColumn, query, queryColumn and pairColumn");
        }
        if (!choicesColumn.isEmpty() && !given.isEmpty()) {
            throw new IllegalArgumentException("classify.choicesColumn is " + choicesColumn
                    + " but there is a text to go with each text, too (" + given.get(0) + "); expected one of them");
        }
        boolean asks = !question.isEmpty() || !questionColumn.isEmpty();
        if (task == ClassifyTask.QUESTION_ANSWERING && !asks) {
            throw new IllegalArgumentException("classify.question is empty, and classify.questionColumn, too;"
                    + " expected a question, or the column that holds one for each text");
        }
        if (task == ClassifyTask.PAIR && (given.isEmpty() || asks)) {
            throw new IllegalArgumentException("classify.task is pair but there is no second text; expected"
                    + " classify.query, classify.queryColumn or classify.pairColumn");
        }
        if ((task == ClassifyTask.SEQUENCE || task == ClassifyTask.TOKEN) && !given.isEmpty()) {
            throw new IllegalArgumentException("classify.task is "
                    + task.name().toLowerCase(Locale.ROOT) + ", which takes single texts, but \""
                    + given.get(0) + "\" is to go with them; expected pair or question-answering, or nothing beside");
        }
    }

    /** The shipped settings. */
    public static ClassifyOptions defaults() {
        return new ClassifyOptions(
                ClassifyTask.AUTO,
                0,
                0,
                ScoreFunction.AUTO,
                Aggregation.SIMPLE,
                AnswerForm.WORDS,
                15,
                false,
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                0,
                -1,
                LongDocuments.CHUNK,
                Precision.FLOAT32,
                0);
    }

    /** The column that holds the text to go with each text. */
    public Optional<String> otherColumn() {
        return Stream.of(questionColumn, queryColumn, pairColumn)
                .filter(column -> !column.isEmpty())
                .findFirst();
    }

    /** The text that goes with every text. */
    public Optional<String> otherText() {
        return Stream.of(question, query).filter(text -> !text.isEmpty()).findFirst();
    }

    boolean hasQuestion() {
        return !question.isEmpty() || !questionColumn.isEmpty();
    }

    private static void requireAtLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + "; expected at least " + least);
        }
    }
}
