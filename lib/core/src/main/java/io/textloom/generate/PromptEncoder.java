package io.textloom.generate;

import io.textloom.model.DecoderSpec;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.Tokenizer;

/** Prompts to token ids that leave room for the completion. */
final class PromptEncoder {
    private final Tokenizer tokenizer;
    private final LongPrompts longPrompts;
    private final int vocabularySize;
    /** Longest prompt; unit: tokens. */
    private final int limit;
    /** Special tokens in front, never cut. */
    private final int[] before;

    /** @throws IllegalArgumentException if the options leave no room for a prompt */
    PromptEncoder(DecoderSpec spec, Tokenizer tokenizer, GenerateOptions options) {
        this.tokenizer = tokenizer;
        this.longPrompts = options.longPrompts();
        this.vocabularySize = spec.vocabularySize();
        this.limit = spec.positions() - options.sampling().maxNewTokens();
        this.before = tokenizer.specialTokens().before().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        if (limit <= before.length) {
            throw new IllegalArgumentException(
                    "generate.maxNewTokens is " + options.sampling().maxNewTokens()
                            + " but the model's context holds " + spec.positions()
                            + " tokens, prompt included; set generate.maxNewTokens to at most "
                            + (spec.positions() - before.length - 1));
        }
    }

    /** Either ids or a rejection. */
    sealed interface Result permits Ids, Refused {}

    /** Token ids of a prompt; the array belongs to the holder. */
    static final class Ids implements Result {
        final int[] ids;
        final int dropped;

        Ids(int[] ids, int dropped) {
            this.ids = ids;
            this.dropped = dropped;
        }
    }

    record Refused(Rejection rejection) implements Result {}

    Result encode(String prompt) {
        int[] text;
        try {
            text = tokenizer.encode(prompt);
        } catch (RuntimeException e) {
            return refuse(RejectCode.TOKENIZER_FAILED, "The tokenizer failed on the prompt: " + e.getMessage());
        }
        int length = before.length + text.length;
        if (length == 0) {
            return refuse(RejectCode.EMPTY_TEXT, "The prompt has no tokens; expected at least one");
        }
        for (int id : text) {
            if (id < 0 || id >= vocabularySize) {
                return refuse(
                        RejectCode.TOKENIZER_FAILED,
                        "The tokenizer gave token " + id + " but the model knows " + vocabularySize + " tokens");
            }
        }
        int dropped = Math.max(0, length - limit);
        if (dropped > 0 && longPrompts == LongPrompts.ERROR) {
            return refuse(
                    RejectCode.TOO_LONG,
                    "The prompt has " + length + " tokens; expected at most " + limit
                            + ", which leaves room for generate.maxNewTokens");
        }
        int[] ids = new int[length - dropped];
        System.arraycopy(before, 0, ids, 0, before.length);
        System.arraycopy(text, dropped, ids, before.length, text.length - dropped);
        return new Ids(ids, dropped);
    }

    private static Refused refuse(RejectCode code, String message) {
        return new Refused(new Rejection(code, message));
    }
}
