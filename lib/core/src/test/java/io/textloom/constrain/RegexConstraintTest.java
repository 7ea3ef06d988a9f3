package io.textloom.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.token.Tokenizer;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge is java.util.regex. */
class RegexConstraintTest {
    private static final List<String> EXPRESSIONS = List.of(
            "abc",
            "a|b|cd",
            "a*b+c?",
            "(ab){2,4}",
            "(?:a|bc){0,3}d",
            "(?<year>[12][0-9]{3})-[01][0-9]",
            "[^a-f]{1,5}",
            "[a\\-\\]z]+",
            "\\d{3}-\\d{4}",
            "\\w+@\\w+\\.com",
            "\\S+\\s\\S+",
            "\\W\\D*",
            ".{0,20}",
            "^anchored$",
            "^a|b$",
            "a{3,}",
            "a+?b*?",
            "\\p{L}{2,8}",
            "\\p{Lu}\\p{Ll}*",
            "\\P{L}+",
            "\\p{IsHan}{1,4}",
            "[\\p{IsGreek} ]{3,9}",
            "[😀-😏]{1,3}",
            "[一-龥]{2}好",
            "\\x41\\u00e9\\x{1F600}\\uD83D\\uDE00",
            "(a*)*b",
            "(a|aa|aaa)+",
            "((a?){3}b?){2}",
            "(|x)y",
            "[\\u0000-\\uffff]{1,6}",
            "\\t\\n\\r\\f",
            "(\\{\"k\": ?\\d+\\})",
            "é{1,3}|ü");

    @Property(tries = 300)
    void randomTextsMatch(
            @ForAll("expressions") String expression, @ForAll("tokenizers") String tokenizer, @ForAll long seed) {
        Random random = new Random(seed);
        String text = Walks.text(tokenizer, Walks.regex(tokenizer, expression), random.nextInt(20), random);
        assertThat(text).matches(Pattern.compile(expression));
    }

    @Property(tries = 1000)
    void textsAreTakenIfTheyMatch(@ForAll("expressions") String expression, @ForAll("texts") String text) {
        assertThat(Walks.takes("storyteller", Walks.regex("storyteller", expression), text))
                .isEqualTo(Pattern.matches(expression, text));
    }

    @Property(tries = 1000)
    void generatedExpressionsTakeWhatTheyMatch(
            @ForAll("generated") String expression, @ForAll("fewLetters") String text, @ForAll long seed) {
        Constraint constraint = Walks.regex("storyteller", expression);
        assertThat(Walks.takes("storyteller", constraint, text)).isEqualTo(Pattern.matches(expression, text));
        assertThat(Walks.text("storyteller", constraint, 10, new Random(seed))).matches(Pattern.compile(expression));
    }

    @Provide
    Arbitrary<String> generated() {
        Arbitrary<String> atoms = Arbitraries.of("a", "b", "[ab]", "[^a]", ".", "é", "\\w", "[a-bé]", "(|b)");
        return grown(grown(grown(atoms)));
    }

    private static Arbitrary<String> grown(Arbitrary<String> parts) {
        Arbitrary<String> counts = Arbitraries.of("", "*", "+", "?", "{2}", "{0,3}", "{1,}", "*?");
        return Arbitraries.oneOf(
                parts,
                Combinators.combine(parts, parts).as((a, b) -> a + b),
                Combinators.combine(parts, parts).as((a, b) -> "(" + a + "|" + b + ")"),
                Combinators.combine(parts, counts).as((a, c) -> "(?:" + a + ")" + c));
    }

    @Provide
    Arbitrary<String> fewLetters() {
        return Arbitraries.strings().withChars("abé\n").ofMaxLength(6);
    }

    @Property(tries = 150)
    void allowedTokensAreThoseAfterWhichATextCanStillMatch(
            @ForAll("expressions") String expression, @ForAll("small") String name, @ForAll long seed) {
        Tokenizer tokenizer = Walks.tokenizer(name);
        Constraint constraint = Walks.regex(name, expression);
        Random random = new Random(seed);
        String prefix = "";
        ConstraintState state = constraint.start();
        for (int step = 0; step < 6 && !state.allowed().isEmpty(); step++) {
            int[] whole = whole(tokenizer, state);
            for (int id = 0; id < tokenizer.vocabularySize(); id++) {
                String added = added(tokenizer, id);
                if (added.isEmpty() || added.indexOf('\ufffd') >= 0) {
                    continue;
                }
                Matcher matcher = Pattern.compile(expression).matcher(prefix + added);
                boolean possible = matcher.matches() || matcher.hitEnd();
                assertThat(state.allowed().get(id))
                        .as("%s: %s after %s", expression, added, prefix)
                        .isEqualTo(possible);
            }
            if (whole.length == 0) {
                return;
            }
            int token = whole[random.nextInt(whole.length)];
            prefix += added(tokenizer, token);
            state = state.accept(token);
        }
    }

    private static int[] whole(Tokenizer tokenizer, ConstraintState state) {
        return state.allowed().stream()
                .filter(id -> added(tokenizer, id).indexOf('\ufffd') < 0)
                .toArray();
    }

    /** What a byte-level token adds. */
    private static String added(Tokenizer tokenizer, int id) {
        return tokenizer.addedTokens().get(id) ? "" : tokenizer.decode(new int[] {id}, 0, 1);
    }

    @Provide
    Arbitrary<String> expressions() {
        return Arbitraries.of(EXPRESSIONS);
    }

    @Provide
    Arbitrary<String> tokenizers() {
        return Arbitraries.of("storyteller", "gpt2", "llama2", "llama3", "qwen2");
    }

    @Provide
    Arbitrary<String> small() {
        return Arbitraries.of("qwen2", "roberta");
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> alike =
                Arbitraries.strings().withChars("abcdxyz-é好中A12 ").ofMaxLength(6);
        Arbitrary<String> known = Arbitraries.of(
                "abc",
                "cd",
                "aabbc",
                "abab",
                "bcbcd",
                "1999-12",
                "a-]z",
                "555-1234",
                "x@y.com",
                "ab cd",
                "anchored",
                "😀😁",
                "一二好",
                "Aé😀😀",
                "ύω λόγος",
                "{\"k\": 12}",
                "日本",
                "Word",
                "\t\n\r\f",
                "üé");
        return Arbitraries.oneOf(alike, known);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\b",
                "\\Bx",
                "(?=a)b",
                "(?!a)b",
                "(?<=a)b",
                "(?i)a",
                "(a)\\1",
                "a**",
                "a++",
                "[a",
                "(a",
                "a)",
                "a{2",
                "{2}",
                "*a",
                "a{3,2}",
                "[b-a]",
                "[]",
                "a$b",
                "a^b",
                "\\",
                "\\p{Nope}",
                "[a&&b]",
                "[[a]]",
                "\\x4",
                "\\uD800",
                "(?P=name)",
                "\\k<n>",
                "(a|^b)",
                "[\\d-z]"
            })
    void whatIsOutsideTheSubsetIsNamed(String expression) {
        assertThatThrownBy(() -> Walks.regex("storyteller", expression))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("generate.regex");
    }

    @Test
    void hostileExpressionsEndInAnError() {
        String deep = "(".repeat(10_000) + "a" + ")".repeat(10_000);
        for (String expression : List.of(
                "a{1,1000000}",
                "a{99999999999999999999}",
                deep,
                "(a{1,100000}){1,100000}".repeat(5),
                "[a-z]{100000}[0-9]{100000}\\p{L}{100000}",
                "a".repeat(200_000),
                "[^\\x{0}-\\x{10FFFF}]")) {
            assertThatThrownBy(() -> Walks.regex("storyteller", expression))
                    .as(expression.substring(0, Math.min(40, expression.length())))
                    .isInstanceOf(ConstraintException.class);
        }
    }

    @Test
    void countsInsideCountsDoNotMultiply() {
        Constraint constraint = Walks.regex("storyteller", "(([ab]{1,1000}c){1,1000}d){1,1000}e");
        assertThat(constraint.start().tokensToEnd()).isLessThanOrEqualTo(4);
        assertThat(Walks.takes("storyteller", constraint, "abcbacdacde")).isTrue();
    }

    @Test
    void exponentialAlternativesAreFollowedOrRefused() {
        Constraint wide = Walks.regex("storyteller", "(a|b)*a(a|b){12}");
        assertThat(Walks.takes("storyteller", wide, "ab".repeat(10) + "a" + "b".repeat(12)))
                .isTrue();
        assertThatThrownBy(() -> Walks.regex("storyteller", "((a?){1000}){1000}b"))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("ambiguous");
    }
}
