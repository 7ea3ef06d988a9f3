package io.textloom.classify;

import io.textloom.tensor.Precision;
import io.textloom.token.LongDocuments;

/** Options of tests: the shipped ones, and what differs. */
final class TestOptions {
    ClassifyTask task = ClassifyTask.AUTO;
    int topK;
    double threshold;
    ScoreFunction activation = ScoreFunction.AUTO;
    Aggregation aggregation = Aggregation.SIMPLE;
    AnswerForm answers = AnswerForm.WORDS;
    boolean nullAnswer;
    String question = "";
    String questionColumn = "";
    String query = "";
    String queryColumn = "";
    String pairColumn = "";
    int maxTokens;
    int stride = -1;
    LongDocuments longDocuments = LongDocuments.CHUNK;
    int batchTokens = 512;

    ClassifyOptions build() {
        return new ClassifyOptions(
                task,
                topK,
                threshold,
                activation,
                aggregation,
                answers,
                15,
                nullAnswer,
                question,
                questionColumn,
                query,
                queryColumn,
                pairColumn,
                "",
                "",
                maxTokens,
                stride,
                longDocuments,
                Precision.FLOAT32,
                batchTokens);
    }
}
