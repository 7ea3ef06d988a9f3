package io.textloom.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintsTest {
    @ParameterizedTest
    @ValueSource(strings = {"storyteller", "gpt2", "llama2", "llama3", "qwen2", "roberta", "t5"})
    void randomWalksEndInEachOfTheChoices(String tokenizer) {
        String[] choices = {"yes", "yes, but", "no", "maybe not"};
        Constraint constraint = Walks.choices(tokenizer, choices);
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            seen.add(Walks.text(tokenizer, constraint, 20, new Random(seed)));
        }
        assertThat(seen).containsExactlyInAnyOrder(choices);
    }

    @ParameterizedTest
    @ValueSource(strings = {"storyteller", "llama2", "qwen2", "gpt2"})
    void charactersSplitOverTokensComeOutWhole(String tokenizer) {
        String[] choices = {"😀 家族 👨‍👩‍👧", "中文也可以", "naïve"};
        Constraint constraint = Walks.choices(tokenizer, choices);
        for (int seed = 0; seed < 50; seed++) {
            assertThat(Walks.text(tokenizer, constraint, 40, new Random(seed))).isIn((Object[]) choices);
        }
    }

    @Test
    void oneChoiceMayBeginAnother() {
        Constraint constraint = Walks.choices("storyteller", "a", "ab", "abc");
        ConstraintState state =
                constraint.start().accept(Walks.tokenizer("storyteller").encode("a")[0]);
        assertThat(state.mayEnd()).isTrue();
        assertThat(state.allowed().isEmpty()).isFalse();
        assertThat(state.tokensToEnd()).isZero();
    }

    @Test
    void theEmptyChoiceMayEndAtOnce() {
        ConstraintState start = Walks.choices("storyteller", "").start();
        assertThat(start.mayEnd()).isTrue();
        assertThat(start.allowed().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "llama2", "storyteller"})
    void allowedTokensAreThoseThatAChoiceGoesOnWith(String name) {
        Tokenizer tokenizer = Walks.tokenizer(name);
        TokenTrie trie = Walks.trie(name);
        List<byte[]> choices = new ArrayList<>();
        String[] texts = {"the old man 😀", "then", "中文", "the", " and then"};
        for (String text : texts) {
            choices.add(text.getBytes(StandardCharsets.UTF_8));
        }
        Constraint constraint = Walks.choices(name, texts);
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            byte[] prefix = {};
            ConstraintState state = constraint.start();
            TokenTrie.Tree tree = trie.first();
            while (!state.allowed().isEmpty()) {
                BitSet expected = new BitSet();
                for (int id = 0; id < tokenizer.vocabularySize(); id++) {
                    byte[] longer = concat(prefix, tree.bytes(id));
                    if (longer.length > prefix.length && choices.stream().anyMatch(c -> begins(c, longer))) {
                        expected.set(id);
                    }
                }
                assertThat(state.allowed()).isEqualTo(expected);
                int[] ids = expected.stream().toArray();
                int token = ids[random.nextInt(ids.length)];
                prefix = concat(prefix, tree.bytes(token));
                state = state.accept(token);
                tree = trie.inside();
            }
            assertThat(new String(prefix, StandardCharsets.UTF_8)).isIn((Object[]) texts);
        }
    }

    private static boolean begins(byte[] whole, byte[] part) {
        return part.length <= whole.length && Arrays.equals(whole, 0, part.length, part, 0, part.length);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @ParameterizedTest
    @ValueSource(strings = {"storyteller", "gpt2", "llama2", "llama3", "qwen2", "roberta", "o200k", "t5"})
    void decodedTokensAreTheirBytes(String name) {
        Tokenizer tokenizer = Walks.tokenizer(name);
        TokenTrie trie = Walks.trie(name);
        ConstraintState start = Walks.regex(name, "[\\x{0}-\\x{10FFFF}]*").start();
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            ConstraintState state = start;
            byte[] bytes = {};
            int[] ids = new int[30];
            int length = 0;
            while (length < ids.length && (length < 20 || !state.mayEnd())) {
                int[] allowed = (length < 20 ? state.allowed() : state.allowedWithin(ids.length - length))
                        .stream().toArray();
                int token = allowed[random.nextInt(allowed.length)];
                bytes = concat(bytes, (length == 0 ? trie.first() : trie.inside()).bytes(token));
                ids[length++] = token;
                state = state.accept(token);
            }
            assertThat(tokenizer.decode(ids, 0, length)).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "llama3", "storyteller", "llama2"})
    void addedTokensAreNeverAllowed(String name) {
        BitSet allowed = Walks.regex(name, "[\\x{0}-\\x{10FFFF}]*").start().allowed();
        assertThat(allowed.intersects(Walks.tokenizer(name).addedTokens())).isFalse();
        assertThat(allowed.cardinality()).isGreaterThan(Walks.tokenizer(name).vocabularySize() / 2);
    }

    @Test
    void callersLeaveTokensOut() {
        Tokenizer tokenizer = Walks.tokenizer("storyteller");
        int the = tokenizer.encode(" the")[0];
        BitSet special = new BitSet();
        special.set(the);
        TokenTrie trie = TokenTrie.of(tokenizer, special);
        Constraint constraint = Constraints.compile(new ConstraintOptions(List.of(" the"), "", ""), trie);
        assertThat(constraint.start().allowed().get(the)).isFalse();
        assertThat(constraint.start().allowed().isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-cased", "added-wordpiece", "parts"})
    void tokenizersThatPutSpacesThemselvesAreRefused(String name) {
        assertThatThrownBy(() -> Walks.trie(name))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("byte-level BPE");
    }

    @Test
    void aTextThatTheVocabularyCannotSpellIsRefused() {
        assertThatThrownBy(() -> Walks.choices("t5", "yes", "日本"))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("no token for the byte 0xE6");
    }

    @Test
    void tokensThatAreNotAllowedAreNotTaken() {
        ConstraintState start = Walks.choices("storyteller", "yes").start();
        assertThatThrownBy(() -> start.accept(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> start.accept(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> start.accept(Walks.tokenizer("storyteller").encode("q")[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void halfASurrogatePairIsNoChoice() {
        assertThatThrownBy(() -> Walks.choices("storyteller", "a\ud800")).isInstanceOf(ConstraintException.class);
    }

    @Test
    void manyChoicesAreFollowed() {
        String[] choices = new String[5000];
        for (int i = 0; i < choices.length; i++) {
            choices[i] = "choice number " + i * 7919;
        }
        Constraint constraint = Walks.choices("storyteller", choices);
        assertThat(Walks.text("storyteller", constraint, 30, new Random(1))).isIn((Object[]) choices);
    }

    @Test
    void statesPastTheMemoryLimitBeginAnew() {
        String regex = "([a-z ]{0,20000})(;[a-z ]{0,20000})*[.!]";
        Grammar grammar = Constraints.grammar(new ConstraintOptions(List.of(), regex, ""));
        TokenTrie trie = Walks.trie("storyteller");
        Network network = NetworkBuilder.build(grammar, trie.bytes());
        Constraint small = new TokenConstraint(new ByteAutomaton(network, 30_000), trie);
        Constraint large = new TokenConstraint(new ByteAutomaton(network), trie);
        for (int seed = 0; seed < 5; seed++) {
            assertThat(Walks.text("storyteller", small, 60, new Random(seed)))
                    .isEqualTo(Walks.text("storyteller", large, 60, new Random(seed)))
                    .matches("[a-z ;]*[.!]");
        }
    }

    @Test
    void threadsShareAConstraint() {
        String regex = "([a-z]{2,9} ){3,8}[0-9]+";
        Constraint shared = Walks.regex("storyteller", regex);
        List<String> texts = IntStream.range(0, 64)
                .parallel()
                .mapToObj(seed -> Walks.text("storyteller", shared, 20, new Random(seed)))
                .toList();
        for (int seed = 0; seed < 64; seed++) {
            assertThat(texts.get(seed))
                    .isEqualTo(Walks.text("storyteller", Walks.regex("storyteller", regex), 20, new Random(seed)));
        }
    }

    @Test
    void theFewestTokensAreEnoughAndOneLessIsNot() {
        ConstraintState start = Walks.choices("storyteller", "once upon a time", "the end of the story")
                .start();
        int fewest = start.tokensToEnd();
        assertThat(fewest).isBetween(2, 8);
        assertThat(start.allowedWithin(fewest).isEmpty()).isFalse();
        assertThat(start.allowedWithin(1).isEmpty()).isTrue();
    }
}
