package io.textloom.embed;

import io.textloom.token.LongDocuments;
import io.textloom.token.SpecialTokens;
import io.textloom.token.TokenWindows;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts documents into windows that the model takes: special tokens around, the prompt in front of each, neighbours overlapping.
 *
 * @param maxTokens longest window, special tokens included; unit: tokens
 * @param stride tokens that a window shares with the one before it; unit: tokens
 */
record Windows(SpecialTokens special, int maxTokens, int stride, LongDocuments longDocuments) {
    Windows {
        if (maxTokens <= special.count()) {
            throw new IllegalArgumentException("embed.maxTokens is " + maxTokens + "; expected more than the "
                    + special.count() + " special tokens of every window");
        }
    }

    /**
     * The part of a document that one window holds.
     *
     * @param from first token, prompt not counted
     * @param to one past the last token
     */
    record Span(int from, int to) {}

    /** Tokens of a document that fit into one window beside a prompt; unit: tokens */
    int capacity(int promptTokens) {
        int capacity = maxTokens - special.count() - promptTokens;
        if (capacity < 1 || capacity <= stride) {
            throw new IllegalArgumentException("A window of " + maxTokens + " tokens holds " + special.count()
                    + " special tokens, a prompt of " + promptTokens + " and an overlap of " + stride
                    + "; nothing is left for the text: raise embed.maxTokens or lower embed.stride");
        }
        return capacity;
    }

    boolean fits(int documentTokens, int promptTokens) {
        return documentTokens <= capacity(promptTokens);
    }

    /** One window for a document that fits, else as {@link LongDocuments} says; every token of the document is in one unless it is truncated. */
    List<Span> spans(int documentTokens, int promptTokens) {
        TokenWindows windows = new TokenWindows(capacity(promptTokens), stride);
        int count = longDocuments == LongDocuments.CHUNK ? windows.count(documentTokens) : 1;
        List<Span> spans = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            spans.add(new Span(windows.from(i), windows.to(i, documentTokens)));
        }
        return spans;
    }

    /**
     * The ids that the model sees: special tokens, prompt, the span, special tokens.
     *
     * @param promptTokens how many of {@code prompt} stand in front
     * @param documentStart place in {@code document} that spans count from
     */
    int[] ids(int[] prompt, int promptTokens, int[] document, int documentStart, Span span) {
        int length = span.to() - span.from();
        int[] ids = new int[special.count() + promptTokens + length];
        int at = 0;
        for (int id : special.before()) {
            ids[at++] = id;
        }
        System.arraycopy(prompt, 0, ids, at, promptTokens);
        at += promptTokens;
        System.arraycopy(document, documentStart + span.from(), ids, at, length);
        at += length;
        for (int id : special.after()) {
            ids[at++] = id;
        }
        return ids;
    }
}
