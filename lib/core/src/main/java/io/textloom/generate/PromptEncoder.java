package io.textloom.generate;

import io.textloom.runtime.DecoderShape;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.Tokenizer;

/** Prompts to token ids that leave room for the completion. */
final class PromptEncoder {
    private final Tokenizer tokenizer;
    private final LongPrompts longPrompts;
    private final int slots;
    private final int vocabularySize;
    private final int positions;
    /** Longest row that memory is set aside for; unit: tokens. */
    private final int rowTokens;
    /** Special tokens in front, never cut. */
    private final int[] before;

    /** @throws IllegalArgumentException if completions of that length leave no room for a prompt */
    PromptEncoder(DecoderShape shape, int rowTokens, Tokenizer tokenizer, GenerateOptions options) {
        this.tokenizer = tokenizer;
        this.longPrompts = options.longPrompts();
        this.slots = options.engine().slots();
        this.vocabularySize = shape.vocabularySize();
        this.positions = shape.positions();
        this.rowTokens = rowTokens;
        this.before = tokenizer.specialTokens().before().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        if (room(options.sampling()) <= before.length) {
            throw new IllegalArgumentException(noRoom(options.sampling()));
        }
    }

    /** Longest prompt; unit: tokens. */
    private int room(SamplingOptions sampling) {
        return positions - sampling.maxNewTokens();
    }

    private String noRoom(SamplingOptions sampling) {
        return "generate.maxNewTokens is " + sampling.maxNewTokens() + " but the model's context holds " + positions
                + " tokens, prompt included; set it to at most " + (positions - before.length - 1);
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

    Result encode(Prompt prompt, SamplingOptions sampling) {
        if (room(sampling) <= before.length) {
            return refuse(RejectCode.INVALID_REQUEST, noRoom(sampling));
        }
        try {
            // a request's own: the generator's were looked at before
            sampling.requireBeams(slots);
            sampling.requireTokens(vocabularySize);
        } catch (IllegalArgumentException e) {
            return refuse(RejectCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
        }
        Result result = prompt.ids().isPresent()
                ? checked(prompt.ids().get(), prompt.dropped(), sampling)
                : encode(prompt.text(), sampling);
        if (result instanceof Ids ids && ids.ids.length + sampling.maxNewTokens() > rowTokens) {
            return refuse(
                    RejectCode.OUT_OF_MEMORY,
                    "The prompt has " + ids.ids.length + " tokens and its completion up to " + sampling.maxNewTokens()
                            + "; expected at most " + rowTokens
                            + " together, for which there is memory; raise generate.kvMemory or lower generate.slots");
        }
        return result;
    }

    private Result encode(String prompt, SamplingOptions sampling) {
        int[] text;
        try {
            text = tokenizer.encode(prompt);
        } catch (RuntimeException e) {
            return refuse(RejectCode.TOKENIZER_FAILED, "The tokenizer failed on the prompt: " + e.getMessage());
        }
        int length = before.length + text.length;
        int dropped = longPrompts == LongPrompts.ERROR ? 0 : Math.max(0, length - room(sampling));
        int[] ids = new int[length - dropped];
        System.arraycopy(before, 0, ids, 0, before.length);
        System.arraycopy(text, dropped, ids, before.length, text.length - dropped);
        return checked(ids, dropped, sampling);
    }

    private Result checked(int[] ids, int dropped, SamplingOptions sampling) {
        if (ids.length == 0) {
            return refuse(RejectCode.EMPTY_TEXT, "The prompt has no tokens; expected at least one");
        }
        if (ids.length > room(sampling)) {
            return refuse(
                    RejectCode.TOO_LONG,
                    "The prompt has " + ids.length + " tokens; expected at most " + room(sampling)
                            + ", which leaves room for generate.maxNewTokens");
        }
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                return refuse(
                        RejectCode.TOKENIZER_FAILED,
                        "The tokenizer gave token " + id + " but the model knows " + vocabularySize + " tokens");
            }
        }
        return new Ids(ids, dropped);
    }

    private static Refused refuse(RejectCode code, String message) {
        return new Refused(new Rejection(code, message));
    }
}
