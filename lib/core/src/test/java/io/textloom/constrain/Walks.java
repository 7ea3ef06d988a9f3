package io.textloom.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.token.Gpt2TokenizerJson;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Tokenizers of the tests, and random completions under a constraint. */
final class Walks {
    private static final Map<String, Tokenizer> TOKENIZERS = new ConcurrentHashMap<>();
    private static final Map<String, TokenTrie> TRIES = new ConcurrentHashMap<>();

    private Walks() {}

    static Tokenizer tokenizer(String name) {
        return TOKENIZERS.computeIfAbsent(name, n -> {
            if (n.equals("storyteller")) {
                return Tokenizers.open(Path.of("../../models/storyteller"));
            }
            if (n.equals("gpt2")) {
                return open("gpt2", Gpt2TokenizerJson::write);
            }
            Path golden = Path.of("src/test/resources/golden/tokenizers", n + ".json");
            return n.equals("t5") ? withoutNormalizer(golden) : Tokenizers.open(golden);
        });
    }

    /** Its precompiled table stands in another file; decoding does not need it. */
    private static Tokenizer withoutNormalizer(Path golden) {
        return open("t5", json -> {
            ObjectNode root = (ObjectNode) new ObjectMapper().readTree(golden.toFile());
            new ObjectMapper().writeValue(json.toFile(), root.putNull("normalizer"));
        });
    }

    private interface Writer {
        void write(Path json) throws IOException;
    }

    private static Tokenizer open(String name, Writer writer) {
        try {
            Path json = Files.createTempFile(name, ".json");
            try {
                writer.write(json);
                return Tokenizers.open(json);
            } finally {
                Files.delete(json);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TokenTrie trie(String name) {
        return TRIES.computeIfAbsent(name, n -> TokenTrie.of(tokenizer(n), new BitSet()));
    }

    static Constraint choices(String tokenizer, String... choices) {
        return Constraints.compile(new ConstraintOptions(List.of(choices), "", ""), trie(tokenizer));
    }

    static Constraint regex(String tokenizer, String regex) {
        return Constraints.compile(new ConstraintOptions(List.of(), regex, ""), trie(tokenizer));
    }

    static Constraint schema(String tokenizer, String schema) {
        return Constraints.compile(new ConstraintOptions(List.of(), "", schema), trie(tokenizer));
    }

    /** A text of random allowed tokens that is whole after as many more than the fewest. */
    static String text(String tokenizer, Constraint constraint, int more, Random random) {
        Tokenizer named = tokenizer(tokenizer);
        ConstraintState state = constraint.start();
        int left = state.tokensToEnd() + more;
        int[] ids = new int[left];
        int length = 0;
        while (true) {
            BitSet allowed = state.allowedWithin(left);
            assertThat(state.tokensToEnd()).isLessThanOrEqualTo(left);
            assertThat(state.mayEnd() || !allowed.isEmpty()).isTrue();
            if (state.mayEnd() && (allowed.isEmpty() || left == 0 || random.nextInt(4) == 0)) {
                return named.decode(ids, 0, length);
            }
            int token = pick(allowed, random);
            assertThat(state.allowed().get(token)).isTrue();
            state = state.accept(token);
            ids[length++] = token;
            left--;
        }
    }

    private static int pick(BitSet allowed, Random random) {
        int nth = random.nextInt(allowed.cardinality());
        int token = allowed.nextSetBit(0);
        for (int i = 0; i < nth; i++) {
            token = allowed.nextSetBit(token + 1);
        }
        return token;
    }

    /** Whether the constraint takes the text, cut as the tokenizer cuts it. */
    static boolean takes(String tokenizer, Constraint constraint, String text) {
        ConstraintState state = constraint.start();
        for (int id : tokenizer(tokenizer).encode(text)) {
            if (!state.allowed().get(id)) {
                return false;
            }
            state = state.accept(id);
        }
        return state.mayEnd();
    }
}
