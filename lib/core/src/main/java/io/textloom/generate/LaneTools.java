package io.textloom.generate;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.constrain.ConstraintState;
import io.textloom.runtime.DecodeState;
import io.textloom.tensor.Categorical;
import io.textloom.tensor.CounterRandom;
import io.textloom.token.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the samples of one lane share: scratch memory, and samplers by their options. Belongs to one thread. */
final class LaneTools {
    /** Rows of one job have the same options; requests that bring their own have a few. */
    private static final int MOST_SAMPLERS = 64;

    private final DecodeState state;
    private final Tokenizer tokenizer;
    private final BitSet modelEnd;
    private final float[] logits;
    private final BitSet allowed = new BitSet();
    private final Map<SamplingOptions, Sampler> samplers = new Recent<>();
    private final Map<SamplingOptions, LogitsProcessors> processors = new Recent<>();
    private final Map<Integer, TopTokens> topTokens = new HashMap<>();
    private @Nullable Categorical distribution;
    private float[][] beamLogits = new float[0][];

    /** By options, those used last. */
    private static final class Recent<V> extends LinkedHashMap<SamplingOptions, V> {
        private static final long serialVersionUID = 1;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<SamplingOptions, V> eldest) {
            return size() > MOST_SAMPLERS;
        }
    }

    /** @param modelEnd the model's end tokens */
    LaneTools(DecodeState state, Tokenizer tokenizer, BitSet modelEnd) {
        this.state = state;
        this.tokenizer = tokenizer;
        this.modelEnd = modelEnd;
        this.logits = new float[state.vocabularySize()];
    }

    /** @param slots of which the first holds the prompt */
    Occupant make(Pending pending, int sample, int[] slots) {
        SamplingOptions sampling = pending.sampling;
        long seed = CounterRandom.derive(sampling.seed(), pending.request.id(), sample);
        ConstraintState constraint = pending.constraint == null ? null : pending.constraint.start();
        if (slots.length > 1) {
            return new BeamRun(pending, slots, state, this, constraint, seed);
        }
        TokenHistory history = new TokenHistory(pending.ids, pending.ids.length, seed);
        return new SampleRun(pending, sample, slots, state, this, constraint, history);
    }

    Sampler sampler(SamplingOptions sampling) {
        return samplers.computeIfAbsent(
                key(sampling), s -> Sampler.of(s, state.vocabularySize(), modelEnd, this::distribution));
    }

    /** Scratch memory of several numbers for each token, which samplers use one after the other. */
    private Categorical distribution() {
        if (distribution == null) {
            distribution = new Categorical(state.vocabularySize());
        }
        return distribution;
    }

    BeamSearch beamSearch(Pending pending, TokenHistory prompt, CompletionEnd end) {
        int vocabulary = state.vocabularySize();
        LogitsProcessors own =
                processors.computeIfAbsent(key(pending.sampling), s -> new LogitsProcessors(s, vocabulary, modelEnd));
        return new BeamSearch(
                pending.sampling,
                own,
                vocabulary,
                modelEnd,
                prompt,
                pending.sampling.maxNewTokens(),
                end::reachesStopString);
    }

    /** With all left out that samplers do not look at: rows that differ there share one. */
    private static SamplingOptions key(SamplingOptions sampling) {
        return new SamplingOptions(
                Integer.MAX_VALUE,
                sampling.minNewTokens(),
                sampling.temperature(),
                sampling.topK(),
                sampling.topP(),
                sampling.minP(),
                sampling.penalties(),
                sampling.logitBias(),
                List.of(),
                sampling.stopTokens(),
                1,
                0,
                BeamOptions.NONE,
                -1,
                ConstraintOptions.NONE,
                0);
    }

    CompletionEnd end(Pending pending) {
        return new CompletionEnd(
                tokenizer,
                pending.sampling.stop(),
                LogitsProcessors.endTokens(pending.sampling, modelEnd),
                pending.constraint == null ? pending.ids[pending.ids.length - 1] : CompletionEnd.ALONE);
    }

    /** The last logits of a slot; overwritten by the next call. */
    float[] logits(int slot) {
        state.logits(slot, logits);
        return logits;
    }

    /**
     * What may come next under a constraint, end tokens where it may end here; nothing where it can only end. Overwritten by the next call.
     *
     * @param tokensLeft which the completion has to be whole within, where that can be done
     */
    BitSet allowed(ConstraintState constraint, int tokensLeft, CompletionEnd end) {
        allowed.clear();
        BitSet next = constraint.allowedWithin(tokensLeft);
        allowed.or(next);
        if (!next.isEmpty() && constraint.mayEnd()) {
            allowed.or(end.endTokens());
        }
        return allowed;
    }

    /** The last logits of some slots; overwritten by the next call. */
    float[][] beamLogits(int[] slots, int count) {
        if (beamLogits.length < slots.length) {
            beamLogits = new float[slots.length][state.vocabularySize()];
        }
        for (int beam = 0; beam < count; beam++) {
            state.logits(slots[beam], beamLogits[beam]);
        }
        return beamLogits;
    }

    /** What is told of a token that was chosen from the last logits of a slot. */
    TokenLogprob tell(int slot, int token, float logprob, int alternatives) {
        if (alternatives == 0) {
            return tell(token, logprob);
        }
        TopTokens top = topTokens.computeIfAbsent(alternatives, k -> new TopTokens(k, state.vocabularySize()));
        top.set(logits(slot));
        List<TokenLogprob.Alternative> likeliest = new ArrayList<>();
        for (int i = 0; i < top.size(); i++) {
            int id = top.id(i);
            likeliest.add(new TokenLogprob.Alternative(id, tokenizer.spelling().of(id), (float) top.logProbability(i)));
        }
        return new TokenLogprob(token, tokenizer.spelling().of(token), logprob, likeliest);
    }

    TokenLogprob tell(int token, float logprob) {
        return new TokenLogprob(token, tokenizer.spelling().of(token), logprob, List.of());
    }
}
