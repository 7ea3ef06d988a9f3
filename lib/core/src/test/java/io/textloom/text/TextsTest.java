package io.textloom.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Property(tries = 5000)
    void agreesWithTheStrictDecoder(@ForAll @Size(max = 12) byte[] bytes) {
        assertThat(Texts.isUtf8(bytes)).isEqualTo(decodes(bytes));
    }

    @Test
    void agreesWithTheStrictDecoderOnEveryLeadAndSecondByte() {
        for (int lead = 0; lead < 256; lead++) {
            for (int second = 0; second < 256; second++) {
                for (int length = 1; length <= 4; length++) {
                    byte[] bytes = {(byte) lead, (byte) second, (byte) 0x80, (byte) 0xbf};
                    byte[] cut = java.util.Arrays.copyOf(bytes, length);
                    assertThat(Texts.isUtf8(cut))
                            .as("%x %x %d", lead, second, length)
                            .isEqualTo(decodes(cut));
                }
            }
        }
    }

    @Test
    void loneSurrogateEscapesAreFound() {
        assertThat(lone("{\"a\": \"\\ud83d\\ude00\"}")).isFalse();
        assertThat(lone("{\"a\": \"\\ud83d\"}")).isTrue();
        assertThat(lone("{\"a\": \"\\ude00\"}")).isTrue();
        assertThat(lone("{\"a\": \"\\\\ud83d is written out\"}")).isFalse();
        assertThat(lone("{\"a\": \"\\u0041\\ud83d\\u0041\"}")).isTrue();
    }

    @Test
    void oneObjectMeansNothingBehindIt() {
        assertThat(oneObject(" {\"a\": \"}\\\" {\", \"b\": [{}]} \t")).isTrue();
        assertThat(oneObject("{} {}")).isFalse();
        assertThat(oneObject("{\"a\": 1} x")).isFalse();
        assertThat(oneObject("{\"a\": \"cut")).isFalse();
        assertThat(oneObject("[{}]")).isFalse();
        assertThat(oneObject("")).isFalse();
    }

    private static boolean oneObject(String json) {
        return JsonLine.isOneObject(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void blankMeansNothingButSpace() {
        assertThat(blank(" \t\n\u00a0\u3000\u2028")).isTrue();
        assertThat(blank("")).isTrue();
        for (String text : List.of(" . ", "\u3000茶", "\u00e9", "\ud83d\ude42", "\u200b")) {
            assertThat(blank(text)).as(text).isFalse();
        }
        assertThat(Texts.isBlankLine(" \t\r".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(Texts.isBlankLine(" {".getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    private static boolean blank(String text) {
        return Texts.isBlank(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean lone(String json) {
        return JsonLine.hasLoneSurrogate(json.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
