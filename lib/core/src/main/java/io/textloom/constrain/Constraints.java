package io.textloom.constrain;

import io.textloom.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Makes constraints of options. */
public final class Constraints {
    private static final int MAX_NAMED = 3;

    private Constraints() {}

    /**
     * For a tokenizer that is used once; others keep a {@link TokenTrie}.
     *
     * @throws ConstraintException if the options are not understood, impossible, or larger than the limits, or if the tokenizer does not fit
     */
    public static Constraint compile(ConstraintOptions options, Tokenizer tokenizer) {
        return compile(options, TokenTrie.of(tokenizer, new BitSet()));
    }

    /** The same with what was made of the tokenizer before: a millisecond or so for most schemas. The caller keeps it for the rows that share it. */
    public static Constraint compile(ConstraintOptions options, TokenTrie trie) {
        Grammar grammar = grammar(options);
        Network network = NetworkBuilder.build(grammar, trie.bytes());
        if (network.bytesToEnd(network.ruleStart(0)) >= Network.NEVER) {
            throw impossible(grammar);
        }
        return new TokenConstraint(new ByteAutomaton(network), trie);
    }

    static Grammar grammar(ConstraintOptions options) {
        if (!options.choices().isEmpty()) {
            options.choices().forEach(Constraints::checkUnicode);
            return Grammar.of(new Expr.Words(options.choices()), "generate.choices");
        }
        if (!options.regex().isEmpty()) {
            return Grammar.of(RegexParser.whole(options.regex(), "generate.regex"), "generate.regex");
        }
        if (!options.jsonSchema().isEmpty()) {
            return JsonSchemas.grammar(options.jsonSchema());
        }
        throw new ConstraintException("No constraint is given; expected choices, a regex or a JSON schema");
    }

    private static void checkUnicode(String choice) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(choice)) {
            throw new ConstraintException(
                    "generate.choices has a text with half a surrogate pair; expected Unicode characters only");
        }
    }

    private static ConstraintException impossible(Grammar grammar) {
        BitSet all = new BitSet();
        all.set(0, 256);
        Network network = NetworkBuilder.build(grammar, all);
        List<String> parts = new ArrayList<>();
        for (int r = 0; r < grammar.size() && parts.size() < MAX_NAMED; r++) {
            if (network.bytesToEnd(network.ruleStart(r)) >= Network.NEVER) {
                parts.add(grammar.name(r));
            }
        }
        return parts.isEmpty()
                ? new ConstraintException("the tokenizer has no tokens for the bytes that texts of " + grammar.name(0)
                        + " need; use another model")
                : new ConstraintException("impossible: no text matches " + String.join(", ", parts)
                        + "; an expression has a [ ] without characters, or a schema requires itself without end");
    }
}
