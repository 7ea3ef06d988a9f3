package io.textloom.token;

import java.util.List;
import java.util.OptionalInt;

/** Single tokens of a tokenizer, found by how they are spelled. */
public final class NamedTokens {
    private static final List<String> ENDS =
            List.of("<|endoftext|>", "</s>", "<|end_of_text|>", "<eos>", "<|im_end|>", "[SEP]");
    private static final List<String> PADDINGS = List.of("[PAD]", "<pad>", "<|pad|>", "<|endoftext|>", "</s>");

    /** A character of private use: what a tokenizer makes of it, it makes of anything unknown. */
    private static final String UNKNOWN = "\ue5a1";

    private NamedTokens() {}

    /** The id of a token that is spelled so, if the tokenizer reads the spelling as one. */
    public static OptionalInt id(Tokenizer tokenizer, String spelling) {
        int[] ids = tokenizer.encode(spelling);
        boolean known = ids.length == 1 && !isUnknown(tokenizer, ids[0]);
        return known ? OptionalInt.of(ids[0]) : OptionalInt.empty();
    }

    /** What the tokenizer puts after a text, such as [SEP], else its token for the end of a text, if it has one. */
    public static OptionalInt end(Tokenizer tokenizer) {
        List<Integer> after = tokenizer.specialTokens().after();
        return after.isEmpty() ? first(tokenizer, ENDS) : OptionalInt.of(after.get(after.size() - 1));
    }

    /** The padding token, else the end of a text, as GPT-2 pads; 0 for a tokenizer with neither. */
    public static int padding(Tokenizer tokenizer) {
        return first(tokenizer, PADDINGS).orElse(0);
    }

    /** The first of some spellings that is a token of the tokenizer, the one for unknown text included. */
    public static OptionalInt spelled(Tokenizer tokenizer, List<String> spellings) {
        Spelling spelling = tokenizer.spelling();
        for (String candidate : spellings) {
            int[] ids = tokenizer.encode(candidate);
            if (ids.length == 1 && spelling.of(ids[0]).equals(candidate)) {
                return OptionalInt.of(ids[0]);
            }
        }
        return OptionalInt.empty();
    }

    private static OptionalInt first(Tokenizer tokenizer, List<String> spellings) {
        for (String spelling : spellings) {
            OptionalInt id = id(tokenizer, spelling);
            if (id.isPresent()) {
                return id;
            }
        }
        return OptionalInt.empty();
    }

    private static boolean isUnknown(Tokenizer tokenizer, int id) {
        int[] unknown = tokenizer.encode(UNKNOWN);
        return unknown.length == 1 && unknown[0] == id;
    }
}
