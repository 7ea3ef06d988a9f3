package io.textloom.generate;

import io.textloom.constrain.ConstraintState;
import io.textloom.runtime.DecodeState;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One sample of a request in a slot. */
final class SampleRun implements Occupant {
    private final Pending pending;
    private final int sampleIndex;
    private final int[] slots;
    private final DecodeState state;
    private final LaneTools tools;
    private final Sampler sampler;
    private final CompletionEnd end;
    private final TokenHistory history;
    private final List<TokenLogprob> told = new ArrayList<>();
    /** Where the constraint stands; null without one. */
    private @Nullable ConstraintState constraint;

    private double logprob;

    SampleRun(
            Pending pending,
            int sampleIndex,
            int[] slots,
            DecodeState state,
            LaneTools tools,
            @Nullable ConstraintState constraint,
            TokenHistory history) {
        this.pending = pending;
        this.sampleIndex = sampleIndex;
        this.slots = slots;
        this.state = state;
        this.tools = tools;
        this.sampler = tools.sampler(pending.sampling);
        this.end = tools.end(pending);
        this.constraint = constraint;
        this.history = history;
    }

    @Override
    public Pending pending() {
        return pending;
    }

    @Override
    public int[] slots() {
        return slots;
    }

    @Override
    public void feed(int[] nextIds) {
        nextIds[slots[0]] = history.token(history.length() - 1);
    }

    @Override
    public boolean advance() {
        int slot = slots[0];
        int token;
        if (constraint != null) {
            BitSet allowed = tools.allowed(constraint, pending.sampling.maxNewTokens() - history.count, end);
            if (allowed.isEmpty()) {
                hand(history.count, FinishReason.STOP);
                return true;
            }
            token = sampler.sample(tools.logits(slot), history, allowed);
        } else if (sampler.isPlainGreedy(history.count)) {
            token = state.likeliest(slot);
        } else {
            token = sampler.sample(tools.logits(slot), history, null);
        }
        float tokenLogprob = state.logProbability(slot, token);
        if (!Float.isFinite(tokenLogprob)) {
            pending.reject(new Rejection(
                    RejectCode.MODEL_FAILED,
                    "The model's logits after " + history.count + " new tokens are not finite numbers"));
            return true;
        }
        history.add(token);
        logprob += tokenLogprob;
        if (pending.sampling.logprobs() >= 0) {
            told.add(tools.tell(slot, token, tokenLogprob, pending.sampling.logprobs()));
        }
        if (constraint != null && !end.isEndToken(token)) {
            constraint = constraint.accept(token);
        }
        return isFinished(token);
    }

    /** Hands in the sample if its last token completes it. */
    private boolean isFinished(int token) {
        int count = history.count;
        boolean ended = end.isEndToken(token);
        boolean full = count == pending.sampling.maxNewTokens();
        if (!ended && !full && !end.reachesStopString(history.completion, history.count)) {
            return false;
        }
        int textTokens = ended ? count - 1 : count;
        if (ended || full) {
            hand(textTokens, ended ? FinishReason.STOP : FinishReason.LENGTH);
            return true;
        }
        String text = end.text(history.completion, textTokens);
        int cut = end.cut(text);
        if (cut >= 0) {
            hand(text.substring(0, cut), FinishReason.STOP);
        }
        return cut >= 0;
    }

    private void hand(int textTokens, FinishReason otherwise) {
        String text = end.text(history.completion, textTokens);
        int cut = end.cut(text);
        boolean whole = constraint != null && constraint.mayEnd();
        hand(cut < 0 ? text : text.substring(0, cut), cut >= 0 || whole ? FinishReason.STOP : otherwise);
    }

    private void hand(String completion, FinishReason reason) {
        pending.finish(pending.generated(sampleIndex, completion, history.count, reason, logprob, history.seed, told));
    }
}
