package io.textloom.spark.stage;

import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.Embedder;
import io.textloom.embed.EmbeddingModel;
import io.textloom.generate.EngineOptions;
import io.textloom.generate.GenerateOptions;
import io.textloom.generate.GenerateOutcome;
import io.textloom.generate.GenerateRequest;
import io.textloom.generate.GenerateStats;
import io.textloom.generate.Generated;
import io.textloom.generate.GenerativeModel;
import io.textloom.generate.Generator;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.SamplingOptions;
import io.textloom.model.DecoderSpec;
import io.textloom.model.DecoderTrunk;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.runtime.Device;
import io.textloom.tensor.Precision;
import io.textloom.text.RejectCode;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * One line through a model: that it loads on this machine, that its weights have the shapes its layers need, and what comes out.
 *
 * @param text what came out, in words
 * @param vector of the line, of encoders; empty for decoders
 * @param completion of the line, of decoders; empty for encoders
 * @param seconds of loading and running
 */
public record ModelTrial(String text, List<Float> vector, String completion, double seconds) {
    /** Ascii, so that every tokenizer reads it. */
    public static final String LINE = "Once upon a time, a little fox lived at the edge of a forest.";

    private static final int NEW_TOKENS = 4;

    /** Components of a vector may differ by this from what the reference computes. */
    private static final double TOLERANCE = 1e-3;

    /** First components of the line's vector. Source: sentence-transformers 6.2.0 with the imported folders, float32. */
    private static final Map<String, List<Double>> KNOWN_VECTORS = Map.of(
            "builtin:all-MiniLM-L6-v2",
            List.of(0.053576, 0.0252, -0.055114, 0.097961, 0.084174, -0.032626, 0.010696, -0.034135),
            "builtin:bge-small-zh-v1.5",
            List.of(-0.007715, 0.04857, 0.01274, -0.0159, -0.020064, -0.060744, -0.023572, 0.034749));

    /** What follows the line. Source: transformers 5.23.0, greedy, float32. */
    private static final Map<String, String> KNOWN_COMPLETIONS = Map.of("builtin:storyteller", "\n\n\"I");

    public ModelTrial {
        vector = List.copyOf(vector);
    }

    /** @throws ModelException if the model cannot be opened, or gives what is no number; or, of a built-in one, not what the reference gives */
    public static ModelTrial run(ModelRef model, Configuration conf) {
        ModelFolder folder = ModelLeases.store().localise(model, conf);
        long start = System.nanoTime();
        boolean decoder =
                folder.encoderSpec() instanceof DecoderTrunk && folder.weights().isPresent();
        ModelTrial trial = decoder ? generate(folder, start) : embed(folder, start);
        trial.requireKnown(model);
        return trial;
    }

    /** A built-in model gives what the reference does. */
    private void requireKnown(ModelRef model) {
        List<Double> known = KNOWN_VECTORS.getOrDefault(model.uri(), List.of());
        for (int i = 0; i < known.size(); i++) {
            if (Math.abs(vector.get(i) - known.get(i)) > TOLERANCE) {
                throw new ModelException(
                        "The model " + model.name() + " gives another vector of one line than it should: component "
                                + i + " is " + vector.get(i) + ", expected " + known.get(i)
                                + "; this machine computes wrongly, run on another and tell its processor");
            }
        }
        String expected = KNOWN_COMPLETIONS.getOrDefault(model.uri(), completion);
        if (!completion.equals(expected)) {
            throw new ModelException("The model " + model.name() + " continues one line with \"" + completion
                    + "\", expected \"" + expected
                    + "\"; this machine computes wrongly, run on another and tell its processor");
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static ModelTrial embed(ModelFolder folder, long start) {
        Tokenizer tokenizer = Tokenizers.open(folder.tokenizer());
        try (EmbeddingModel model = EmbeddingModel.open(folder, EmbedOptions.defaults(), tokenizer);
                Embedder embedder = new Embedder(model)) {
            EmbedOutcome outcome =
                    embedder.embed(List.of(LINE), new EmbedStats()).get(0);
            if (outcome instanceof EmbedOutcome.Rejected rejected
                    && rejected.rejection().code() == RejectCode.UNKNOWN_WORDS) {
                return new ModelTrial(
                        "word vectors opened, none for a word of one English line", List.of(), "", since(start));
            }
            if (!(outcome instanceof EmbedOutcome.Embedded embedded)) {
                throw new ModelException("The model " + folder + " rejects the line \"" + LINE + "\": " + outcome
                        + "; copy the model again");
            }
            float[] vector = embedded.chunks().get(0).vector();
            double squares = 0;
            List<Float> values = new ArrayList<>(vector.length);
            for (float v : vector) {
                squares += (double) v * v;
                values.add(v);
            }
            if (!Double.isFinite(squares) || squares == 0) {
                throw new ModelException("The vector of one line has length " + Math.sqrt(squares)
                        + "; expected a number above 0, the weights are damaged: copy the model again");
            }
            String text = String.format(
                    Locale.ROOT, "one line embedded: %d dimensions, length %.3f", vector.length, Math.sqrt(squares));
            return new ModelTrial(text, values, "", since(start));
        }
    }

    private static ModelTrial generate(ModelFolder folder, long start) {
        EngineOptions engine = new EngineOptions(Precision.FLOAT32, 1, 0, false);
        GenerateOptions options =
                new GenerateOptions(SamplingOptions.greedy(NEW_TOKENS), "", LongPrompts.TRUNCATE, engine);
        try (GenerativeModel model = GenerativeModel.open(
                        DecoderSpec.of(folder),
                        folder.weights().orElseThrow(),
                        Tokenizers.open(folder.tokenizer()),
                        engine,
                        Device.CPU,
                        1,
                        1);
                Generator generator = model.newGenerator(options)) {
            Iterator<GenerateOutcome> outcomes = generator.generate(
                    List.of(new GenerateRequest(0, "line", LINE)).iterator(), new GenerateStats());
            if (!(outcomes.next() instanceof Generated generated) || !Double.isFinite(generated.logprob())) {
                throw new ModelException("The model " + folder + " does not continue the line \"" + LINE
                        + "\"; the weights are damaged, copy the model again");
            }
            String text = "one line continued with \"" + generated.completion().strip() + "\"";
            return new ModelTrial(text, List.of(), generated.completion(), since(start));
        }
    }
}
