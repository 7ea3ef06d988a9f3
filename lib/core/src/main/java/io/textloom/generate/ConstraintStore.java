package io.textloom.generate;

import io.textloom.constrain.Constraint;
import io.textloom.constrain.ConstraintException;
import io.textloom.constrain.ConstraintOptions;
import io.textloom.constrain.Constraints;
import io.textloom.constrain.TokenTrie;
import io.textloom.token.Tokenizer;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Constraints compiled for one tokenizer, those used last kept. Safe for concurrent use. */
public final class ConstraintStore {
    /** Rows of one job share one; requests that bring their own have a few. */
    private static final int MOST = 256;

    private final Tokenizer tokenizer;
    private final BitSet endTokens;
    private final Map<ConstraintOptions, Constraint> compiled = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ConstraintOptions, Constraint> eldest) {
            return size() > MOST;
        }
    };

    private @Nullable TokenTrie trie;

    /** @param endTokens the model's, which are no part of a text */
    public ConstraintStore(Tokenizer tokenizer, BitSet endTokens) {
        this.tokenizer = tokenizer;
        this.endTokens = endTokens;
    }

    /**
     * The constraint that completions follow.
     *
     * @return null where they are free
     * @throws ConstraintException if it is not understood or impossible, or takes more tokens than the completion may have
     */
    public synchronized @Nullable Constraint of(SamplingOptions sampling) {
        if (sampling.constraint().isNone()) {
            return null;
        }
        if (trie == null) {
            trie = TokenTrie.of(tokenizer, endTokens);
        }
        TokenTrie known = trie;
        Constraint constraint =
                compiled.computeIfAbsent(sampling.constraint(), options -> Constraints.compile(options, known));
        int needed = constraint.start().tokensToEnd();
        if (needed > sampling.maxNewTokens()) {
            throw new ConstraintException("generate.maxNewTokens is " + sampling.maxNewTokens()
                    + " but the shortest text of the constraint has " + needed + " tokens; raise it to at least that");
        }
        return constraint;
    }
}
