package io.textloom.spark.ml;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.generate.BeamOptions;
import io.textloom.generate.PenaltyOptions;
import io.textloom.generate.SamplingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The Params of how prompts are completed; {@link SamplingOptions} says what they do.
 *
 * @param <T> the Transformer itself, which setters return
 */
public abstract class SamplingTransformer<T extends SamplingTransformer<T>> extends PromptTransformer<T> {
    private static final long serialVersionUID = 1;
    private static final int MAX_NEW_TOKENS = 64;
    private static final SamplingOptions SAMPLING = SamplingOptions.greedy(MAX_NEW_TOKENS);

    private final IntParam maxNewTokens;
    private final IntParam minNewTokens;
    private final DoubleParam temperature;
    private final IntParam topK;
    private final DoubleParam topP;
    private final DoubleParam minP;
    private final DoubleParam repetitionPenalty;
    private final DoubleParam presencePenalty;
    private final DoubleParam frequencyPenalty;
    private final IntParam noRepeatNgram;
    private final StringArrayParam stop;
    private final IntArrayParam stopTokens;
    private final IntParam samples;
    private final IntParam bestOf;
    private final IntParam beams;
    private final DoubleParam lengthPenalty;
    private final BooleanParam earlyStopping;
    private final StringArrayParam choices;
    private final Param<String> regex;
    private final Param<String> jsonSchema;
    private final LongParam seed;

    SamplingTransformer(String uid) {
        super(uid);
        maxNewTokens = new IntParam(this, "maxNewTokens", "longest completion; unit: tokens");
        minNewTokens = new IntParam(this, "minNewTokens", "tokens before which no end token is chosen; unit: tokens");
        temperature =
                new DoubleParam(this, "temperature", "logits are divided by it; 0 always takes the likeliest token");
        topK = new IntParam(this, "topK", "sample among the k likeliest tokens; 0 for all");
        topP = new DoubleParam(this, "topP", "sample among the likeliest tokens that together reach p; 1 for all");
        minP = new DoubleParam(
                this, "minP", "sample among the tokens at least this likely, relative to the likeliest; 0 for all");
        repetitionPenalty = new DoubleParam(
                this,
                "repetitionPenalty",
                "divides the logits of tokens that prompt or completion have already; 1 for none");
        presencePenalty = new DoubleParam(
                this, "presencePenalty", "subtracted from the logits of tokens that the completion has already");
        frequencyPenalty = new DoubleParam(
                this, "frequencyPenalty", "subtracted from a token's logit once for each time the completion has it");
        noRepeatNgram = new IntParam(
                this,
                "noRepeatNgram",
                "length of token sequences that may not occur twice; 0 for no limit; unit: tokens");
        stop = new StringArrayParam(this, "stop", "texts that end a completion and are no part of it");
        stopTokens = new IntArrayParam(
                this, "stopTokens", "ids of tokens that end a completion besides the model's own end tokens");
        samples = new IntParam(this, "samples", "completions per prompt; above 1 columns of completions hold arrays");
        bestOf = new IntParam(
                this,
                "bestOf",
                "completions made, of which the likeliest by token are given; 0 for as many as are given");
        beams = new IntParam(this, "beams", "beam search over this many; 1 for none");
        lengthPenalty = new DoubleParam(
                this, "lengthPenalty", "exponent of the length that a finished beam's log-probability is divided by");
        earlyStopping =
                new BooleanParam(this, "earlyStopping", "end beam search as soon as enough beams have finished");
        choices = new StringArrayParam(this, "choices", "texts of which a completion is one; any text if empty");
        regex = new Param<>(this, "regex", "regular expression that a whole completion matches; none if empty");
        jsonSchema = new Param<>(
                this, "jsonSchema", "JSON schema, as a text, of which a completion is an instance; none if empty");
        seed = new LongParam(
                this, "seed", "seed; a row's draws depend on it, the row's id and the sample's number alone");
        setDefault(maxNewTokens, SAMPLING.maxNewTokens());
        setDefault(minNewTokens, SAMPLING.minNewTokens());
        setDefault(temperature, SAMPLING.temperature());
        setDefault(topK, SAMPLING.topK());
        setDefault(topP, SAMPLING.topP());
        setDefault(minP, SAMPLING.minP());
        setDefault(repetitionPenalty, PenaltyOptions.NONE.repetition());
        setDefault(presencePenalty, PenaltyOptions.NONE.presence());
        setDefault(frequencyPenalty, PenaltyOptions.NONE.frequency());
        setDefault(noRepeatNgram, PenaltyOptions.NONE.noRepeatNgram());
        setDefault(stop, new String[0]);
        setDefault(stopTokens, new int[0]);
        setDefault(samples, SAMPLING.samples());
        setDefault(bestOf, SAMPLING.bestOf());
        setDefault(beams, BeamOptions.NONE.count());
        setDefault(lengthPenalty, BeamOptions.NONE.lengthPenalty());
        setDefault(earlyStopping, BeamOptions.NONE.earlyStopping());
        setDefault(choices, new String[0]);
        setDefault(regex, "");
        setDefault(jsonSchema, "");
        setDefault(seed, SAMPLING.seed());
    }

    SamplingOptions sampling() {
        return new SamplingOptions(
                getMaxNewTokens(),
                getMinNewTokens(),
                getTemperature(),
                getTopK(),
                getTopP(),
                getMinP(),
                new PenaltyOptions(
                        getRepetitionPenalty(), getPresencePenalty(), getFrequencyPenalty(), getNoRepeatNgram()),
                Map.of(),
                List.of(getStop()),
                Arrays.stream(getStopTokens()).boxed().collect(Collectors.toList()),
                getSamples(),
                getBestOf(),
                new BeamOptions(getBeams(), getLengthPenalty(), getEarlyStopping()),
                -1,
                new ConstraintOptions(List.of(getChoices()), getRegex(), getJsonSchema()),
                getSeed());
    }

    public IntParam maxNewTokens() {
        return maxNewTokens;
    }

    public IntParam minNewTokens() {
        return minNewTokens;
    }

    public DoubleParam temperature() {
        return temperature;
    }

    public IntParam topK() {
        return topK;
    }

    public DoubleParam topP() {
        return topP;
    }

    public DoubleParam minP() {
        return minP;
    }

    public DoubleParam repetitionPenalty() {
        return repetitionPenalty;
    }

    public DoubleParam presencePenalty() {
        return presencePenalty;
    }

    public DoubleParam frequencyPenalty() {
        return frequencyPenalty;
    }

    public IntParam noRepeatNgram() {
        return noRepeatNgram;
    }

    public StringArrayParam stop() {
        return stop;
    }

    public IntArrayParam stopTokens() {
        return stopTokens;
    }

    public IntParam samples() {
        return samples;
    }

    public IntParam bestOf() {
        return bestOf;
    }

    public IntParam beams() {
        return beams;
    }

    public DoubleParam lengthPenalty() {
        return lengthPenalty;
    }

    public BooleanParam earlyStopping() {
        return earlyStopping;
    }

    public StringArrayParam choices() {
        return choices;
    }

    public Param<String> regex() {
        return regex;
    }

    public Param<String> jsonSchema() {
        return jsonSchema;
    }

    public LongParam seed() {
        return seed;
    }

    /** @param value longest completion; unit: tokens */
    public T setMaxNewTokens(int value) {
        return with(maxNewTokens, value);
    }

    public int getMaxNewTokens() {
        return (int) getOrDefault(maxNewTokens);
    }

    /** @param value tokens before which no end token is chosen */
    public T setMinNewTokens(int value) {
        return with(minNewTokens, value);
    }

    public int getMinNewTokens() {
        return (int) getOrDefault(minNewTokens);
    }

    /** @param value 0 always takes the likeliest token */
    public T setTemperature(double value) {
        return with(temperature, value);
    }

    public double getTemperature() {
        return (double) getOrDefault(temperature);
    }

    /** @param value sample among as many tokens; 0 for all */
    public T setTopK(int value) {
        return with(topK, value);
    }

    public int getTopK() {
        return (int) getOrDefault(topK);
    }

    /** @param value sample among the likeliest tokens that together reach it; 1 for all; unit: probability */
    public T setTopP(double value) {
        return with(topP, value);
    }

    public double getTopP() {
        return (double) getOrDefault(topP);
    }

    /** @param value sample among tokens at least this likely, relative to the likeliest; 0 for all */
    public T setMinP(double value) {
        return with(minP, value);
    }

    public double getMinP() {
        return (double) getOrDefault(minP);
    }

    /** @param value divides the logits of tokens that prompt or completion have already; 1 for none */
    public T setRepetitionPenalty(double value) {
        return with(repetitionPenalty, value);
    }

    public double getRepetitionPenalty() {
        return (double) getOrDefault(repetitionPenalty);
    }

    /** @param value subtracted from the logits of tokens that the completion has already */
    public T setPresencePenalty(double value) {
        return with(presencePenalty, value);
    }

    public double getPresencePenalty() {
        return (double) getOrDefault(presencePenalty);
    }

    /** @param value subtracted from a token's logit once for each time the completion has it */
    public T setFrequencyPenalty(double value) {
        return with(frequencyPenalty, value);
    }

    public double getFrequencyPenalty() {
        return (double) getOrDefault(frequencyPenalty);
    }

    /** @param value length of token sequences that may not occur twice; 0 for no limit; unit: tokens */
    public T setNoRepeatNgram(int value) {
        return with(noRepeatNgram, value);
    }

    public int getNoRepeatNgram() {
        return (int) getOrDefault(noRepeatNgram);
    }

    /** @param value texts that end a completion and are no part of it */
    public T setStop(String... value) {
        return with(stop, value);
    }

    public String[] getStop() {
        return getOrDefault(stop);
    }

    /** @param value ids of tokens that end a completion besides the model's own end tokens */
    public T setStopTokens(int... value) {
        return with(stopTokens, value);
    }

    public int[] getStopTokens() {
        return getOrDefault(stopTokens);
    }

    /** @param value completions per prompt; above 1, what is told of a completion is an array with one item for each */
    public T setSamples(int value) {
        return with(samples, value);
    }

    public int getSamples() {
        return (int) getOrDefault(samples);
    }

    /** @param value completions made, of which the likeliest by token are given; 0 for as many as are given */
    public T setBestOf(int value) {
        return with(bestOf, value);
    }

    public int getBestOf() {
        return (int) getOrDefault(bestOf);
    }

    /** @param value beam search over this many; 1 for none */
    public T setBeams(int value) {
        return with(beams, value);
    }

    public int getBeams() {
        return (int) getOrDefault(beams);
    }

    /** @param value exponent of the length that a finished beam's log-probability is divided by */
    public T setLengthPenalty(double value) {
        return with(lengthPenalty, value);
    }

    public double getLengthPenalty() {
        return (double) getOrDefault(lengthPenalty);
    }

    /** @param value whether beam search ends as soon as enough beams have finished */
    public T setEarlyStopping(boolean value) {
        return with(earlyStopping, value);
    }

    public boolean getEarlyStopping() {
        return (boolean) getOrDefault(earlyStopping);
    }

    /** @param value texts of which a completion is one */
    public T setChoices(String... value) {
        return with(choices, value);
    }

    public String[] getChoices() {
        return getOrDefault(choices);
    }

    /** @param value regular expression that a whole completion matches */
    public T setRegex(String value) {
        return with(regex, value);
    }

    public String getRegex() {
        return getOrDefault(regex);
    }

    /** @param value the schema itself, as a text */
    public T setJsonSchema(String value) {
        return with(jsonSchema, value);
    }

    public String getJsonSchema() {
        return getOrDefault(jsonSchema);
    }

    /** @param value a row's draws depend on it, the row's id and the sample's number alone */
    public T setSeed(long value) {
        return with(seed, value);
    }

    public long getSeed() {
        return (long) getOrDefault(seed);
    }
}
