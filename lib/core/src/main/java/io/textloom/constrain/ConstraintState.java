package io.textloom.constrain;

import java.util.BitSet;

/** How far a completion has come. Never changes; safe for concurrent use. */
public interface ConstraintState {
    /** Whether the completion is whole as it stands, so that it may end here. */
    boolean mayEnd();

    /**
     * Tokens that may come next, end tokens left out; empty where the completion can only end.
     *
     * @return of token ids; belongs to the state, not to be changed
     */
    BitSet allowed();

    /**
     * Tokens that may come next and after which the completion can be whole in time; all that are {@link #allowed} where no token leads there.
     *
     * @param tokensLeft that may still come, this one counted
     * @return of token ids; belongs to the state, not to be changed
     */
    BitSet allowedWithin(int tokensLeft);

    /**
     * The state after one more token.
     *
     * @param token one of {@link #allowed}
     * @throws IllegalArgumentException if the token is not allowed here
     */
    ConstraintState accept(int token);
}
