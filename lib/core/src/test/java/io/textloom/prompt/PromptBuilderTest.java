package io.textloom.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.prompt.jinja.Limits;
import io.textloom.prompt.jinja.Template;
import io.textloom.prompt.jinja.TemplateException;
import io.textloom.text.RejectCode;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the tokenizer of golden/chat/folder, whose tokens are bytes and four special tokens. */
class PromptBuilderTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 5, 9, 7, 3);
    private static final int NO_LIMIT = 10_000;

    private Path folder = Path.of("");
    private Tokenizer tokenizer;

    @BeforeEach
    void open() throws Exception {
        folder = Path.of(
                PromptBuilderTest.class.getResource("/golden/chat/folder").toURI());
        tokenizer = Tokenizers.open(folder.resolve("tokenizer.json"));
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void examplesAreDroppedFromTheFirstOnAndThenTheTextIsCut() {
        ExampleTable table = new ExampleTable(
                List.of("text", "label"),
                List.of(
                        Map.of("text", "one", "label", "1"),
                        Map.of("text", "two", "label", "2"),
                        Map.of("text", "three", "label", "3")));
        String template = "{% for e in examples %}{{ e.text }}={{ e.label }},{% endfor %}{{ text }}!";
        PromptOptions options =
                options(template, ChatUse.FALSE, new ExampleOptions("x", 3, ExampleChoice.FIXED, "", "label"));
        Map<String, Object> row = Map.of("text", "größer 😀 als");
        assertThat(text(options, table, row, NO_LIMIT)).isEqualTo("one=1,two=2,three=3,größer 😀 als!");
        assertThat(text(options, table, row, 32)).isEqualTo("two=2,three=3,größer 😀 als!");
        assertThat(text(options, table, row, 31)).isEqualTo("three=3,größer 😀 als!");
        assertThat(text(options, table, row, 18)).isEqualTo("größer 😀 als!");
        // 😀 is four tokens, of which none is left alone
        assertThat(text(options, table, row, 12)).isEqualTo("größer !");
        assertThat(text(options, table, row, 1)).isEqualTo("!");
        PromptResult.Built cut = (PromptResult.Built) build(options, table, row, 12, true);
        assertThat(cut.ids()).hasSizeLessThanOrEqualTo(12);
        assertThat(cut.dropped() + cut.ids().length)
                .isEqualTo(
                        "one=1,two=2,three=3,größer 😀 als!".getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        assertThat(refused(options, table, row, 32, false)).isEqualTo(RejectCode.TOO_LONG);
    }

    @Test
    void aRowIsNeverItsOwnExample() {
        ExampleTable table = new ExampleTable(
                List.of("text", "label", "hint"),
                List.of(
                        Map.of("text", "one", "label", "1", "hint", "h"),
                        Map.of("text", "two", "label", "2", "hint", "h")));
        for (String read : List.of("{{ text }}", "{{ text | default('') }}", "{{ text }}{{ hint | default('') }}")) {
            PromptOptions options = options(
                    "{% for e in examples %}{{ e.label }},{% endfor %}" + read,
                    ChatUse.FALSE,
                    new ExampleOptions("x", 2, ExampleChoice.FIXED, "", "label"));
            assertThat(text(options, table, Map.of("text", "one"), NO_LIMIT)).isEqualTo("2,one");
        }
    }

    @Test
    void whatCannotBeCutIsTooLong() {
        PromptOptions options = options("Translate: {{ text }}", ChatUse.FALSE, ExampleOptions.NONE);
        assertThat(refused(options, null, Map.of("text", "abc"), 5, true)).isEqualTo(RejectCode.TOO_LONG);
        assertThat(text(options, null, Map.of("text", "abc"), 12)).isEqualTo("Translate: a");
    }

    @Test
    void theInstructionOfAChatStays() {
        PromptOptions options = options("", ChatUse.TRUE, ExampleOptions.NONE);
        Map<String, Object> row = Map.of("text", "abcdefghij");
        String whole = text(options, null, row, NO_LIMIT);
        PromptResult.Built built = (PromptResult.Built) build(options, null, row, NO_LIMIT, true);
        assertThat(text(options, null, row, built.ids().length - 4)).isEqualTo(whole.replace("abcdefghij", "abcdef"));
    }

    @Test
    void specialTokensAreFoundHoweverTheyAreWritten() {
        PromptOptions d = PromptOptions.defaults();
        PromptOptions messages = new PromptOptions(
                "",
                "",
                "",
                ChatUse.AUTO,
                "",
                List.of(),
                "m",
                SpecialTexts.REJECT,
                d.cut(),
                "",
                "",
                ExampleOptions.NONE);
        String escaped = "[{\"role\": \"user\", \"content\": \"\\u003c|im_end|\\u003e\"}]";
        assertThat(refused(messages, null, Map.of("m", escaped), NO_LIMIT, true))
                .isEqualTo(RejectCode.SPECIAL_TOKEN);
        assertThat(text(messages, null, Map.of("m", escaped.replace("|", "")), NO_LIMIT))
                .contains("<im_end>");
    }

    @Test
    void textsWithoutATemplateAreLookedAtAndKeepTheirEnd() {
        PromptOptions d = PromptOptions.defaults();
        PromptOptions plain = new PromptOptions(
                "",
                "",
                "",
                ChatUse.FALSE,
                "",
                List.of(),
                "",
                SpecialTexts.REJECT,
                d.cut(),
                "",
                "",
                ExampleOptions.NONE);
        assertThat(refused(plain, null, Map.of("text", "an </s> end"), NO_LIMIT, true))
                .isEqualTo(RejectCode.SPECIAL_TOKEN);
        assertThat(text(plain, null, Map.of("text", "abcdefgh"), NO_LIMIT)).isEqualTo("abcdefgh");
        assertThat(text(plain, null, Map.of("text", "abcdefgh"), 4))
                .endsWith("h")
                .doesNotContain("a");
    }

    @Test
    void randomExamplesDependOnSeedAndIdAlone() {
        ExampleChooser chooser = ExampleChooser.random(50, 7);
        List<Integer> first = chooser.choose("id-1", "", 5, i -> true);
        assertThat(first)
                .hasSize(5)
                .doesNotHaveDuplicates()
                .isEqualTo(ExampleChooser.random(50, 7).choose("id-1", "x", 5, i -> true));
        assertThat(chooser.choose("id-2", "", 5, i -> true)).isNotEqualTo(first);
        assertThat(chooser.choose("id-1", "", 50, i -> true)).hasSize(50).doesNotHaveDuplicates();
        assertThat(chooser.choose("id-1", "", 50, i -> i != 3)).hasSize(49).doesNotContain(3);
    }

    @Test
    void templatesCannotRunAway() {
        List<String> endless = new ArrayList<>(List.of(
                "{% for i in range(100000) %}{% for j in range(100000) %}{{ j }}{% endfor %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ 'x' * 1000000000 }}",
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{{ 9 ** 99999 }}",
                "{{ range(2000000000) | list | length }}",
                "{{ '%999999s' % 'x' }}{{ 'x'.center(999999999) }}",
                "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
                "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}"));
        Limits limits = new Limits(1_000_000, 5_000_000, 50);
        for (String template : endless) {
            assertThat(fails(template, limits))
                    .as(template.substring(0, Math.min(80, template.length())))
                    .isTrue();
        }
    }

    private static boolean fails(String template, Limits limits) {
        try {
            Template.lenient(template).render(Map.of(), NOW, limits);
            return false;
        } catch (TemplateException e) {
            return true;
        }
    }

    private String text(PromptOptions options, ExampleTable table, Map<String, Object> row, int limit) {
        return ((PromptResult.Built) build(options, table, row, limit, true)).text();
    }

    private RejectCode refused(
            PromptOptions options, ExampleTable table, Map<String, Object> row, int limit, boolean truncate) {
        return ((PromptResult.Refused) build(options, table, row, limit, truncate))
                .rejection()
                .code();
    }

    private PromptResult build(
            PromptOptions options, ExampleTable table, Map<String, Object> row, int limit, boolean truncate) {
        PromptPlan plan = PromptPlan.of(options, folder, "text", NOW).orElseThrow();
        ExampleChooser chooser = ExampleChooser.fixed(table == null ? 0 : table.size());
        try (PromptBuilder builder = new PromptBuilder(plan, tokenizer, table, chooser)) {
            return builder.build(row, "id", limit, truncate);
        }
    }

    private static PromptOptions options(String template, ChatUse chat, ExampleOptions examples) {
        PromptOptions d = PromptOptions.defaults();
        return new PromptOptions(
                template, "", "", chat, "", List.of(), "", d.specialTexts(), d.cut(), "", "", examples);
    }
}
