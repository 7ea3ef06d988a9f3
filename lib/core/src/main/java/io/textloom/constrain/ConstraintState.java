package io.textloom.constrain;

import java.util.BitSet;

/** How far a completion has come. Never changes; safe for concurrent use. From every state some sequence of allowed tokens leads to one that may end. */
public interface ConstraintState {
    /** Whether the completion is whole as it stands, so that it may end here. */
    boolean mayEnd();

    /**
     * Tokens that may come next, end tokens left out; empty where the completion can only end.
     *
     * @return of token ids; belongs to the state, not to be changed
     * @throws ConstraintException if the constraint is too ambiguous to be followed from here
     */
    BitSet allowed();

    /**
     * How many tokens are enough to come from here to a state that may end; 0 if this one may.
     *
     * @return unit: tokens; the fewest on the path of the fewest bytes, so that a better way may exist, never a worse one
     */
    default int tokensToEnd() {
        return mayEnd() ? 0 : Integer.MAX_VALUE;
    }

    /**
     * The allowed tokens after which the completion can still be made whole in time. Not empty while {@link #tokensToEnd} is between 1 and {@code tokensLeft}.
     *
     * @param tokensLeft how many tokens may still come, the next one included
     * @return of token ids; belongs to the state, not to be changed
     */
    default BitSet allowedWithin(int tokensLeft) {
        return allowed();
    }

    /**
     * The state after one more token.
     *
     * @param token one of {@link #allowed}
     * @throws IllegalArgumentException if the token is not allowed here
     */
    ConstraintState accept(int token);
}
