package io.textloom.generate;

import io.textloom.constrain.Constraint;
import io.textloom.constrain.ConstraintState;
import io.textloom.runtime.DecodeState;
import io.textloom.tensor.CounterRandom;
import io.textloom.token.Tokenizer;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the samples of one lane share: scratch memory, and samplers by their options. Belongs to one thread. */
final class LaneTools implements Occupants {
    /** Rows of one job have the same options; requests that bring their own have a few. */
    private static final int MOST_SAMPLERS = 64;

    private final DecodeState state;
    private final Tokenizer tokenizer;
    private final BitSet modelEnd;
    private final Function<SamplingOptions, Constraint> constraints;
    private final float[] logits;
    private final BitSet allowed = new BitSet();
    private final Map<SamplingOptions, Sampler> samplers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SamplingOptions, Sampler> eldest) {
            return size() > MOST_SAMPLERS;
        }
    };

    /** @param constraints compiles those of options that have one */
    LaneTools(
            DecodeState state,
            Tokenizer tokenizer,
            BitSet modelEnd,
            Function<SamplingOptions, Constraint> constraints) {
        this.state = state;
        this.tokenizer = tokenizer;
        this.modelEnd = modelEnd;
        this.constraints = constraints;
        this.logits = new float[state.vocabularySize()];
    }

    @Override
    public Occupant make(Pending pending, int sample, int[] slots) {
        SamplingOptions sampling = pending.sampling;
        long seed = CounterRandom.derive(sampling.seed(), pending.request.id(), sample);
        @Nullable
        ConstraintState constraint = sampling.constraint().isNone()
                ? null
                : constraints.apply(sampling).start();
        return new SampleRun(pending, sample, slots, state, this, constraint, new TokenHistory(pending.ids, seed));
    }

    /** With the row's own length and seed left out, which a sampler does not look at. */
    Sampler sampler(SamplingOptions sampling) {
        return samplers.computeIfAbsent(
                sampling.withLimits(Integer.MAX_VALUE, 0), s -> Sampler.of(s, state.vocabularySize(), endTokens(s)));
    }

    CompletionEnd end(Pending pending) {
        return new CompletionEnd(
                tokenizer, pending.sampling.stop(), endTokens(pending.sampling), pending.ids[pending.ids.length - 1]);
    }

    private BitSet endTokens(SamplingOptions sampling) {
        if (sampling.stopTokens().isEmpty()) {
            return modelEnd;
        }
        BitSet end = (BitSet) modelEnd.clone();
        sampling.stopTokens().forEach(end::set);
        return end;
    }

    /** The last logits of a slot; overwritten by the next call. */
    float[] logits(DecodeState of, int slot) {
        of.logits(slot, logits);
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

    /** What is told of a token that was chosen from the last logits of a slot. */
    TokenLogprob tell(DecodeState of, int slot, int token, float logprob, int alternatives) {
        return new TokenLogprob(token, tokenizer.spelling().of(token), logprob, List.of());
    }
}
