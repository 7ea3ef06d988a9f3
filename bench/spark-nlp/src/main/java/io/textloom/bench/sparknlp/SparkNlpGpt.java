package io.textloom.bench.sparknlp;

import com.johnsnowlabs.ml.ai.GPT2;
import com.johnsnowlabs.nlp.Annotation;
import com.johnsnowlabs.nlp.annotators.seq2seq.GPT2Transformer;
import io.textloom.bench.BenchPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * The inside of {@code GPT2Transformer}: encode, greedy decoding, decode, as its {@code predict} does. Its length limit is one for all rows and counts the prompt, so
 * rows of a table cannot ask for lengths of their own; here every row is a call with the limit that gives it just its tokens.
 */
final class SparkNlpGpt {
    private static final String TASK = "";
    private static final int[] NO_TOKENS = {};

    private final GPT2 model;

    SparkNlpGpt(GPT2Transformer transformer) {
        model = transformer.getModelIfNotSet();
    }

    /**
     * Completions by id.
     *
     * @param callers rows computed at once, each in a thread of its own
     */
    Map<String, String> complete(List<BenchPrompt> prompts, int callers) {
        List<BenchPrompt> ordered = new ArrayList<>(prompts);
        ordered.sort(Comparator.comparingInt(BenchPrompt::newTokens).reversed());
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Callable<String>> calls = new ArrayList<>();
            ordered.forEach(prompt -> calls.add(() -> complete(prompt)));
            List<Future<String>> futures = threads.invokeAll(calls);
            Map<String, String> completions = new TreeMap<>();
            for (int i = 0; i < futures.size(); i++) {
                completions.put(ordered.get(i).id(), futures.get(i).get());
            }
            return completions;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Spark NLP failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private String complete(BenchPrompt prompt) {
        Seq<int[]> ids = model.encode(seq(document(prompt.text())), TASK);
        int tokens = ids.apply(0).length;
        int length = tokens + prompt.newTokens();
        // it stops one token behind its limit
        int[][] made = model.tag(ids, 0, length - 1, false, 1, 0, 1, 1, 0, Option.empty(), NO_TOKENS);
        if (made[0].length != length || Math.abs(tokens - prompt.tokens()) > 1) {
            throw new IllegalStateException("%s: %d tokens of prompt and %d in all; expected %d and %d"
                    .formatted(
                            prompt.id(),
                            tokens,
                            made[0].length,
                            prompt.tokens(),
                            prompt.tokens() + prompt.newTokens()));
        }
        return model.decode(new int[][] {Arrays.copyOfRange(made[0], tokens, length)})
                .apply(0);
    }

    private static Annotation document(String text) {
        return new Annotation(
                "document",
                0,
                text.length() - 1,
                text,
                JavaConverters.mapAsScalaMap(Map.of("sentence", "0")),
                new float[0]);
    }

    private static <T> Seq<T> seq(T value) {
        return JavaConverters.asScalaBuffer(List.of(value)).toSeq();
    }
}
