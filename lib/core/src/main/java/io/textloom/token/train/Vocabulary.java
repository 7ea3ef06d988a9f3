package io.textloom.token.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens and their ids, in the order they were added. */
final class Vocabulary {
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private int[] lengths = new int[1 << 10];

    /** @param specialTokens take the first ids */
    Vocabulary(List<String> specialTokens) {
        specialTokens.forEach(token -> add(token, token.codePointCount(0, token.length())));
    }

    /** The token's id, a new one if it is not here yet. @param length unit: symbols of the alphabet */
    int add(String token, int length) {
        Integer known = ids.get(token);
        if (known != null) {
            return known;
        }
        int id = tokens.size();
        tokens.add(token);
        ids.put(token, id);
        lengths = FlatArrays.ensure(lengths, id + 1);
        lengths[id] = length;
        return id;
    }

    /** -1 for none. */
    int id(String token) {
        @Nullable Integer id = ids.get(token);
        return id == null ? -1 : id;
    }

    String token(int id) {
        return tokens.get(id);
    }

    /** Symbols of the alphabet that the token is made of. */
    int length(int id) {
        return lengths[id];
    }

    int size() {
        return tokens.size();
    }

    List<String> tokens() {
        return tokens;
    }
}
