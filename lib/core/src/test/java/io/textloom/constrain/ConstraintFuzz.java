package io.textloom.constrain;

import io.textloom.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Expressions and schemas of constrained output, and a few tokens under what they allow. */
public final class ConstraintFuzz {
    private static final int TOKENS = 12;

    private ConstraintFuzz() {}

    public static FuzzTarget regex() {
        TokenTrie trie = Walks.trie("llama3");
        return target("regex", trie, text -> new ConstraintOptions(List.of(), text, ""));
    }

    public static FuzzTarget schema() {
        TokenTrie trie = Walks.trie("llama3");
        return target("schema", trie, text -> new ConstraintOptions(List.of(), "", text));
    }

    private interface Reader {
        ConstraintOptions options(String text);
    }

    private static FuzzTarget target(String name, TokenTrie trie, Reader reader) {
        return new FuzzTarget(
                name,
                FuzzTarget.Shape.TEXT,
                Set.of(ConstraintException.class),
                512 << 20,
                4000,
                input -> walked(Constraints.compile(reader.options(new String(input, StandardCharsets.UTF_8)), trie)));
    }

    private static long walked(Constraint constraint) {
        ConstraintState state = constraint.start();
        Random random = new Random(5);
        for (int i = 0; i < TOKENS; i++) {
            if (state.allowed().isEmpty()) {
                if (!state.mayEnd()) {
                    throw new AssertionError("a completion can neither go on nor end after " + i + " tokens");
                }
                return i;
            }
            int nth = random.nextInt(state.allowed().cardinality());
            int token = state.allowed().nextSetBit(0);
            for (int n = 0; n < nth; n++) {
                token = state.allowed().nextSetBit(token + 1);
            }
            state = state.accept(token);
        }
        return TOKENS;
    }
}
