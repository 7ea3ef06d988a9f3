package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.token.file.Template;
import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.NormalForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our tokenizers against Hugging Face's Rust in the same JVM: ids, offsets, decoded text. docs/parity.md says what this proves and where that build is not the
 * reference.
 *
 * <p>A small sample by default. The long run, ten to forty minutes for each vocabulary:
 *
 * <pre>
 *   mvn -pl lib/core test -Dtest=TokenizerParityTest -Dtextloom.parity.tries=1000000 -Dtextloom.parity.codePoints=all
 * </pre>
 *
 * {@code -Dtextloom.parity.only=minilm} leaves the other vocabularies out, {@code -Dtextloom.parity.seed=2} draws other strings.
 */
class TokenizerParityTest {
    private static final int TRIES = Integer.getInteger("textloom.parity.tries", 1000);
    private static final long SEED = Long.getLong("textloom.parity.seed", 1);
    private static final boolean ALL =
            System.getProperty("textloom.parity.codePoints", "sample").equals("all");

    @TempDir
    Path folder;

    static List<String> vocabularies() {
        String only = System.getProperty("textloom.parity.only", "");
        return only.isEmpty() ? Vocabularies.names() : List.of(only.split(","));
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void hostileStringsAgree(String vocabulary) throws IOException {
        HostileText texts = new HostileText(SEED);
        try (Parity parity = open(vocabulary)) {
            for (int i = 0; i < TRIES; i++) {
                parity.check(texts.next());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void codePointsAgree(String vocabulary) throws IOException {
        try (Parity parity = open(vocabulary)) {
            StringBuilder many = new StringBuilder();
            for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
                if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE || !(ALL || isSampled(c))) {
                    continue;
                }
                String alone = Character.toString(c);
                many.append('a').append(alone).append("b ").append(alone).append(alone);
                if (ALL) {
                    parity.check(alone);
                    parity.check(" " + alone);
                }
                if (ALL || many.length() > 400) {
                    parity.check(many.toString());
                    many.setLength(0);
                }
            }
            parity.check(many.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void longWordsAgree(String vocabulary) throws IOException {
        try (Parity parity = open(vocabulary)) {
            for (String part : List.of(
                    "a", "ab", "é", "e\u0301", "中", "\u1100\u1161", "\ud83d\ude00", "!", "7", " ", "\n", "x'")) {
                parity.check(part.repeat(10_000));
            }
            parity.check("thequickbrownfox".repeat(6_250));
            parity.check("a" + "\u0301\u0323".repeat(10_000));
        }
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void whatItSaysOfItselfAgrees(String vocabulary) throws IOException {
        Path json = Vocabularies.write(vocabulary, folder);
        try (Tokenizer reference = new DjlTokenizer(json);
                Tokenizer ours = Tokenizers.open(json)) {
            assertThat(ours.specialTokens()).isEqualTo(reference.specialTokens());
            assertThat(ours.vocabularySize()).isEqualTo(reference.vocabularySize());
        }
    }

    @Test
    void aWrongTokenizerIsCaughtWithAShortText() throws IOException {
        Path json = Vocabularies.write("roberta", folder);
        HostileText texts = new HostileText(SEED);
        try (Parity parity = new Parity(new DjlTokenizer(json), new WrongOnDigits(new DjlTokenizer(json)), Set.of())) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            parity.check(texts.next());
                        }
                    })
                    .isInstanceOf(AssertionError.class)
                    .message()
                    .matches("\"7\": expected .*");
        }
    }

    private Parity open(String vocabulary) throws IOException {
        Path json = Vocabularies.write(vocabulary, folder);
        return new Parity(new DjlTokenizer(json), Tokenizers.open(json), normalizedTokens(json));
    }

    /** Added tokens that are matched after normalization: the reference decodes them normalized, the older build in this JVM as written. */
    private static Set<Integer> normalizedTokens(Path json) throws IOException {
        Set<Integer> ids = new HashSet<>();
        for (JsonNode token :
                new ObjectMapper().readTree(Files.readString(json)).path("added_tokens")) {
            if (token.path("normalized").asBoolean()) {
                ids.add(token.path("id").asInt());
            }
        }
        return ids;
    }

    /** Whether something begins or ends here that tokenizers look at; of long uniform ranges, one in 256. */
    private static boolean isSampled(int c) {
        return c % 256 == 0
                || c < 0x500
                || c > 1 && c < Character.MAX_CODE_POINT && !(same(c, c - 1) && same(c, c + 1));
    }

    private static boolean same(int c, int d) {
        IntPredicate inert = NormalForm.NFKC::isInert;
        return CharClasses.of(c) == CharClasses.of(d) && inert.test(c) == inert.test(d);
    }

    /** Adds one to the last id of texts with a seven. */
    private record WrongOnDigits(Tokenizer right) implements Tokenizer {
        @Override
        public TokenEncoder encoder() {
            TokenEncoder encoder = right.encoder();
            return new TokenEncoder() {
                @Override
                public void encode(byte[] utf8, int from, int to, Tokens into) {
                    encoder.encode(utf8, from, to, into);
                    spoil(utf8, into);
                }

                @Override
                public void encodeWithOffsets(byte[] utf8, int from, int to, Tokens into) {
                    encoder.encodeWithOffsets(utf8, from, to, into);
                    spoil(utf8, into);
                }

                private void spoil(byte[] utf8, Tokens into) {
                    for (byte b : utf8) {
                        if (b == '7') {
                            into.ids()[into.size() - 1]++;
                            return;
                        }
                    }
                }

                @Override
                public void close() {
                    encoder.close();
                }
            };
        }

        @Override
        public String decode(int[] ids, int from, int to) {
            return right.decode(ids, from, to);
        }

        @Override
        public StreamDecoder streamDecoder() {
            return right.streamDecoder();
        }

        @Override
        public Template template() {
            return right.template();
        }

        @Override
        public SpecialTokens specialTokens() {
            return right.specialTokens();
        }

        @Override
        public int vocabularySize() {
            return right.vocabularySize();
        }

        @Override
        public void close() {
            right.close();
        }
    }
}
