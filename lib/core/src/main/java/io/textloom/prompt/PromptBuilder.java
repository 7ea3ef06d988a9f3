package io.textloom.prompt;

import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokenizer;
import io.textloom.token.TokenizerException;
import io.textloom.token.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows to prompts that fit. What is too long loses examples first, from the first on, and then the end (or beginning) of one column's text; the template's own words always stay.
 *
 * <p>Belongs to one task; not safe for concurrent use.
 */
public final class PromptBuilder implements AutoCloseable {
    /** Cuts that go by how much is too long; after them the text is halved. */
    private static final int MEASURED_CUTS = 8;

    private final PromptPlan plan;
    private final PromptWriter writer;
    private final @Nullable ExampleTable examples;
    private final ExampleChooser chooser;
    private final List<String> keys = new ArrayList<>();
    private final TokenEncoder encoder;
    private final Tokens tokens = new Tokens();
    private final int[] before;

    /**
     * @param examples null for none
     * @param chooser among them
     */
    public PromptBuilder(
            PromptPlan plan, Tokenizer tokenizer, @Nullable ExampleTable examples, ExampleChooser chooser) {
        this.plan = plan;
        this.examples = examples;
        this.chooser = chooser;
        this.writer = new PromptWriter(plan, examples);
        this.encoder = tokenizer.encoder();
        // a chat template writes its own
        this.before = plan.isChat()
                ? new int[0]
                : tokenizer.specialTokens().before().stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
        if (examples != null) {
            keys.addAll(plan.required());
            keys.addAll(plan.optional());
            if (plan.readsText()) {
                keys.add(plan.textColumn());
            }
            keys.retainAll(examples.columns());
        }
    }

    /**
     * The prompt of a row.
     *
     * @param row columns with their values: strings, numbers, booleans, nulls, lists and maps
     * @param id the row's stable id, by which random examples are drawn
     * @param limit unit: tokens
     * @param truncate whether a prompt that is too long is cut; else it is refused
     */
    public PromptResult build(Map<String, @Nullable Object> row, String id, int limit, boolean truncate) {
        try {
            return built(row, id, limit, truncate);
        } catch (RejectedException e) {
            return new PromptResult.Refused(e.rejection());
        } catch (TokenizerException e) {
            return new PromptResult.Refused(new Rejection(
                    RejectCode.TOKENIZER_FAILED, "The tokenizer failed on the prompt: " + e.getMessage()));
        }
    }

    private PromptResult built(Map<String, @Nullable Object> row, String id, int limit, boolean truncate) {
        Draft draft = writer.draft(row);
        List<Integer> shown = chosen(draft, row, id);
        String text = draft.cuttable();
        String prompt = draft.render(shown, text);
        int full = encode(prompt);
        if (full == 0) {
            throw new RejectedException(RejectCode.EMPTY_TEXT, "The prompt has no tokens; expected at least one");
        }
        if (full <= limit) {
            return result(prompt, 0);
        }
        if (!truncate) {
            throw tooLong(full, limit, "");
        }
        int kept = fewest(draft, shown, text, limit);
        List<Integer> fewer = shown.subList(shown.size() - kept, shown.size());
        prompt = draft.render(fewer, text);
        int length = encode(prompt);
        int room = Text.codePoints(text);
        for (int cuts = 0; length > limit; cuts++) {
            if (room == 0) {
                throw tooLong(length, limit, " without any of the text that may be cut");
            }
            room = cuts < MEASURED_CUTS ? shorter(text, room, length - limit) : room / 2;
            prompt = draft.render(fewer, Text.cut(text, room, plan.options().cut()));
            length = encode(prompt);
        }
        return result(prompt, full - length);
    }

    private RejectedException tooLong(int length, int limit, String cut) {
        return new RejectedException(
                RejectCode.TOO_LONG,
                "The prompt has " + length + " tokens" + cut + "; expected at most " + limit
                        + ", which leaves room for generate.maxNewTokens");
    }

    /** How many of the last examples leave a prompt that fits; none if none does. */
    private int fewest(Draft draft, List<Integer> shown, String text, int limit) {
        int fits = 0;
        int tooMany = shown.size();
        while (tooMany - fits > 1) {
            int middle = (fits + tooMany) >>> 1;
            boolean good = encode(draft.render(shown.subList(shown.size() - middle, shown.size()), text)) <= limit;
            fits = good ? middle : fits;
            tooMany = good ? tooMany : middle;
        }
        return fits;
    }

    /** Code points to keep of a text of which {@code room} are kept now, so that it has {@code excess} tokens less. */
    private int shorter(String text, int room, int excess) {
        encoder.encodeWithOffsets(Text.cut(text, room, plan.options().cut()), tokens);
        int left = tokens.size() - excess;
        if (left <= 0) {
            return 0;
        }
        boolean end = plan.options().cut() == TextCut.END;
        int keep = end ? tokens.end(left - 1) : room - tokens.start(tokens.size() - left);
        return Math.max(0, Math.min(keep, room - 1));
    }

    private List<Integer> chosen(Draft draft, Map<String, @Nullable Object> row, String id) {
        if (examples == null) {
            return List.of();
        }
        ExampleTable table = examples;
        List<String> shared = keys.stream().filter(row::containsKey).toList();
        return chooser.choose(
                id, compared(draft, row), plan.options().examples().shots(), i -> !table.same(i, row, shared));
    }

    /** The text that examples are near to or not: the text column, what a user said last, or all that the template reads. */
    private String compared(Draft draft, Map<String, @Nullable Object> row) {
        if (!plan.options().messagesColumn().isEmpty()) {
            return draft.cuttable();
        }
        if (row.get(plan.textColumn()) instanceof String s) {
            return s;
        }
        StringBuilder text = new StringBuilder();
        for (List<String> columns : List.of(plan.required(), plan.optional())) {
            for (String column : columns) {
                if (row.containsKey(column)) {
                    text.append(text.isEmpty() ? "" : "\n").append(row.get(column));
                }
            }
        }
        return text.toString();
    }

    private int encode(String prompt) {
        encoder.encode(prompt, tokens);
        return before.length + tokens.size();
    }

    /** Of the prompt encoded last. */
    private PromptResult result(String prompt, int dropped) {
        int[] ids = new int[before.length + tokens.size()];
        System.arraycopy(before, 0, ids, 0, before.length);
        System.arraycopy(tokens.ids(), 0, ids, before.length, tokens.size());
        return new PromptResult.Built(prompt, ids, dropped);
    }

    @Override
    public void close() {
        encoder.close();
    }

    /** Texts counted in code points, so that no character is cut in two. */
    private static final class Text {
        static int codePoints(String text) {
            return text.codePointCount(0, text.length());
        }

        static String cut(String text, int keep, TextCut cut) {
            int all = codePoints(text);
            return cut == TextCut.END
                    ? text.substring(0, text.offsetByCodePoints(0, keep))
                    : text.substring(text.offsetByCodePoints(0, all - keep));
        }
    }
}
