package io.textloom.token.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Golden results come from unicode_goldens.py. */
class NormalFormTest {
    private static final List<JsonNode> GOLDEN = read();

    @ParameterizedTest
    @EnumSource
    void everyCodePointIsNormalizedAsTheReferenceDoes(NormalForm form) {
        assertThat(digest(c -> text(form, c))).isEqualTo(golden(form.name(), "alone"));
        assertThat(digest(c -> text(form, "o\u0328" + c + "\u0301"))).isEqualTo(golden(form.name(), "marked"));
    }

    @Test
    void everyCodePointIsLoweredAsTheReferenceDoes() {
        assertThat(digest(NormalFormTest::lower)).isEqualTo(golden("lower", "alone"));
        assertThat(digest(c -> lower("o\u0328" + c + "\u0301"))).isEqualTo(golden("lower", "marked"));
    }

    @ParameterizedTest
    @EnumSource
    void changesAlignHostileStringsAsTheReferenceDoes(NormalForm form) {
        int rows = 0;
        for (JsonNode row : GOLDEN) {
            if (row.has("text") && row.path("form").asText().equals(form.name())) {
                String text = row.get("text").asText();
                assertThat(text(form, text))
                        .as(text)
                        .isEqualTo(row.get("normal").asText());
                Alignment alignment = new Alignment(form, text);
                assertThat(alignment.starts).as(text).isEqualTo(ints(row.get("starts")));
                assertThat(alignment.ends).as(text).isEqualTo(ints(row.get("ends")));
                rows++;
            }
        }
        assertThat(rows).isEqualTo(60);
    }

    @ParameterizedTest
    @EnumSource
    void textsMayBeCutBeforeInertCharacters(NormalForm form) {
        int cuts = 0;
        for (JsonNode row : GOLDEN) {
            int[] text = row.path("text").asText().codePoints().toArray();
            String whole = text(form, row.path("text").asText());
            for (int i = 1; i < text.length; i++) {
                if (form.isInert(text[i])) {
                    String first = text(form, new String(text, 0, i));
                    assertThat(first + text(form, new String(text, i, text.length - i)))
                            .isEqualTo(whole);
                    cuts++;
                }
            }
        }
        assertThat(cuts).isGreaterThan(200);
    }

    @ParameterizedTest
    @EnumSource
    void inertCharactersStayAndAsciiIsInert(NormalForm form) {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (form.isInert(c)) {
                int inert = c;
                form.apply(new int[] {c}, 0, 1, (out, change) -> {
                    if (out != inert || change != 0) {
                        throw new AssertionError(Integer.toHexString(inert));
                    }
                });
            } else {
                assertThat(c).isGreaterThan(0x7f);
            }
        }
    }

    @Test
    void longRunsOfMarksAreSortedStably() {
        String marks = "\u0301\u0323\u0300\u0327\u0334".repeat(20_000);
        assertThat(text(NormalForm.NFD, "a" + marks))
                .isEqualTo("a" + "\u0334".repeat(20_000) + "\u0327".repeat(20_000) + "\u0323".repeat(20_000)
                        + "\u0301\u0300".repeat(20_000));
    }

    @Test
    void theReferenceKnowsAnOlderUnicodeThanJava() {
        assertThat(text(NormalForm.NFKC, "\u32ff")).isEqualTo("\u32ff");
        assertThat(Normalizer.normalize("\u32ff", Normalizer.Form.NFKC)).isEqualTo("令和");
        assertThat(text(NormalForm.NFD, "\ud806\udd38")).isEqualTo("\ud806\udd38");
    }

    @Test
    void syllablesGoApartAndTogether() {
        assertThat(text(NormalForm.NFD, "각")).isEqualTo("\u1100\u1161\u11a8");
        assertThat(text(NormalForm.NFC, "\u1100\u1161\u11a8")).isEqualTo("각");
        List<Integer> changes = new ArrayList<>();
        NormalForm.NFC.apply(new int[] {0x1100, 0x1161, 0x11a8, 'e', 0x301}, 0, 5, (c, change) -> changes.add(change));
        assertThat(changes).containsExactly(-2, -1);
    }

    /** How the reference turns change numbers into the characters each output character comes from. */
    private static final class Alignment {
        final List<Integer> starts = new ArrayList<>();
        final List<Integer> ends = new ArrayList<>();
        private int next;

        Alignment(NormalForm form, String text) {
            int[] codePoints = text.codePoints().toArray();
            form.apply(codePoints, 0, codePoints.length, (c, change) -> {
                int at = change > 0 ? next - 1 : next;
                starts.add(Math.max(at, 0));
                ends.add(at + 1);
                next += change > 0 ? 0 : 1 - change;
            });
        }
    }

    private static String text(NormalForm form, String text) {
        int[] codePoints = text.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        form.apply(codePoints, 0, codePoints.length, (c, change) -> out.appendCodePoint(c));
        return out.toString();
    }

    private static String lower(String text) {
        StringBuilder out = new StringBuilder();
        int[] into = new int[CaseMap.MAX_LENGTH];
        text.codePoints().forEach(c -> out.append(new String(into, 0, CaseMap.lower(c, into))));
        return out.toString();
    }

    private static String digest(UnaryOperator<String> change) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
                if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                    sha.update((change.apply(Character.toString(c)) + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String golden(String form, String of) {
        for (JsonNode row : GOLDEN) {
            if (row.path("form").asText().equals(form)
                    && row.path("of").asText().equals(of)) {
                return row.get("digest").asText();
            }
        }
        throw new AssertionError(form + " " + of);
    }

    private static List<Integer> ints(JsonNode array) {
        List<Integer> ints = new ArrayList<>();
        array.forEach(i -> ints.add(i.asInt()));
        return ints;
    }

    private static List<JsonNode> read() {
        try {
            List<JsonNode> rows = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of("src/test/resources/golden/unicode.jsonl"))) {
                rows.add(new ObjectMapper().readTree(line));
            }
            return rows;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
