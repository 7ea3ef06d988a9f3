package io.textloom.generate;

import io.textloom.constrain.ConstraintState;
import io.textloom.runtime.DecodeState;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The beams of one request, each in a slot. */
final class BeamRun implements Occupant {
    private final Pending pending;
    private final int[] slots;
    private final DecodeState state;
    private final LaneTools tools;
    private final CompletionEnd end;
    private final BeamSearch search;
    private final long seed;
    /** Where each beam's keys and values are. */
    private int[] slotOf;

    private final int[] parents;
    private final int[] tokens;
    /** Where the constraint stands in each beam; null without one. */
    private @Nullable ConstraintState @Nullable [] constraints;

    BeamRun(
            Pending pending,
            int[] slots,
            DecodeState state,
            LaneTools tools,
            @Nullable ConstraintState constraint,
            long seed) {
        this.pending = pending;
        this.slots = slots;
        this.state = state;
        this.tools = tools;
        this.end = tools.end(pending);
        this.seed = seed;
        this.slotOf = slots.clone();
        this.parents = new int[slots.length];
        this.tokens = new int[slots.length];
        this.constraints = constraint == null ? null : new ConstraintState[] {constraint};
        this.search = tools.beamSearch(pending, new TokenHistory(pending.ids, pending.ids.length, seed), end);
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
        if (search.beams() < slots.length) {
            nextIds[slotOf[0]] = pending.ids[pending.ids.length - 1];
            return;
        }
        for (int beam = 0; beam < slots.length; beam++) {
            nextIds[slotOf[beam]] = tokens[beam];
        }
    }

    @Override
    public boolean advance() {
        float[][] logits = tools.beamLogits(slotOf, search.beams());
        if (!search.step(logits, allowed(), parents, tokens)) {
            pending.reject(
                    new Rejection(RejectCode.MODEL_FAILED, "The model's logits are not finite numbers in any beam"));
            return true;
        }
        if (search.isDone()) {
            hand();
            return true;
        }
        follow();
        return false;
    }

    private @Nullable BitSet @Nullable [] allowed() {
        if (constraints == null) {
            return null;
        }
        BitSet[] allowed = new BitSet[search.beams()];
        for (int beam = 0; beam < allowed.length; beam++) {
            ConstraintState at = constraints[beam];
            int left = pending.sampling.maxNewTokens() - search.history(beam).count;
            BitSet next = at == null
                    ? new BitSet()
                    : (BitSet) tools.allowed(at, left, end).clone();
            if (next.isEmpty()) {
                next.or(end.endTokens());
            }
            allowed[beam] = next;
        }
        return allowed;
    }

    /** Moves keys and values: of the beams that go on from one parent, the first stays in its slot and the others get copies in slots nobody goes on with. */
    private void follow() {
        int[] next = new int[slots.length];
        Arrays.fill(next, -1);
        BitSet staying = new BitSet();
        for (int beam = 0; beam < next.length; beam++) {
            int slot = slotOf[parents[beam]];
            if (!staying.get(slot)) {
                staying.set(slot);
                next[beam] = slot;
            }
        }
        int free = 0;
        for (int beam = 0; beam < next.length; beam++) {
            if (next[beam] < 0) {
                while (staying.get(slots[free])) {
                    free++;
                }
                next[beam] = slots[free++];
                state.copy(slotOf[parents[beam]], next[beam]);
            }
        }
        slotOf = next;
        if (constraints != null) {
            @Nullable ConstraintState[] states = new ConstraintState[next.length];
            for (int beam = 0; beam < next.length; beam++) {
                ConstraintState parent = constraints[parents[beam]];
                states[beam] =
                        parent == null || !parent.allowed().get(tokens[beam]) ? null : parent.accept(tokens[beam]);
            }
            constraints = states;
        }
    }

    private void hand() {
        List<Generated> found = new ArrayList<>();
        for (Hypothesis best : search.best(pending.sampling.samples())) {
            int count = best.ids.length;
            boolean ended = end.isEndToken(best.ids[count - 1]);
            String text = end.text(best.ids, ended ? count - 1 : count);
            int cut = end.cut(text);
            List<TokenLogprob> told = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                told.add(tools.tell(best.ids[i], best.logprobs[i]));
            }
            found.add(pending.generated(
                    found.size(),
                    cut < 0 ? text : text.substring(0, cut),
                    count,
                    best.finishReason,
                    best.logprob(),
                    seed,
                    told));
        }
        pending.finish(found);
    }
}
