package io.textloom.token;

import java.util.List;

/** How a tokenizer spells its tokens one by one, as its file has them. Safe for concurrent use. */
public interface Spelling {
    /** {@code ##ing}, {@code \u0120the}; empty for an id that has no token. */
    String of(int id);

    /** The text of tokens, given as they are spelled; special tokens are kept. */
    String text(List<String> tokens);

    /** What tokens inside a word begin with, such as {@code ##}; empty where spelling does not tell. */
    String continuation();

    /** Of a tokenizer that does not give away its vocabulary: each token is spelled as it is decoded. */
    static Spelling byDecoding(Tokenizer tokenizer) {
        return new Spelling() {
            @Override
            public String of(int id) {
                return tokenizer.decode(new int[] {id}, 0, 1);
            }

            @Override
            public String text(List<String> tokens) {
                return String.join("", tokens);
            }

            @Override
            public String continuation() {
                return "";
            }
        };
    }
}
