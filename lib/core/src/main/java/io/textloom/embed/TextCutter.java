package io.textloom.embed;

import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.LongDocuments;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Tokenizes texts and cuts them into windows. For one thread; to be closed by it. */
public final class TextCutter implements AutoCloseable {
    private static final int[] NOTHING = new int[0];

    private final Windows windows;
    private final String prompt;
    private final int[] promptIds;
    private final int promptCharacters;
    private final boolean offsets;
    private final TokenEncoder encoder;
    private final ToIntFunction<int[]> unknown;
    private final Tokens tokens = new Tokens();

    /**
     * @param offsets whether windows know the characters of their tokens
     * @param unknown how many of a window's tokens the model knows nothing of
     */
    TextCutter(
            Windows windows,
            String prompt,
            int[] promptIds,
            boolean offsets,
            TokenEncoder encoder,
            ToIntFunction<int[]> unknown) {
        this.windows = windows;
        this.prompt = prompt;
        this.promptIds = promptIds;
        this.promptCharacters = prompt.codePointCount(0, prompt.length());
        this.offsets = offsets;
        this.encoder = encoder;
        this.unknown = unknown;
    }

    /** Never throws for a bad text: that is rejected. */
    public CutText cut(String text) {
        try {
            String whole = prompt + text;
            if (offsets) {
                encoder.encodeWithOffsets(whole, tokens);
            } else {
                encoder.encode(whole, tokens);
            }
        } catch (RuntimeException e) {
            return CutText.rejected(
                    new Rejection(RejectCode.TOKENIZER_FAILED, "The tokenizer failed: " + e.getMessage()));
        }
        return cut();
    }

    /** The prompt stands in front of every window. */
    private CutText cut() {
        int size = tokens.size();
        int repeated = promptTokens(size);
        int ofText = size - repeated;
        if (size + windows.special().count() == 0) {
            return CutText.rejected(new Rejection(RejectCode.EMPTY_TEXT, "The tokenizer makes no token of the text"));
        }
        if (windows.longDocuments() == LongDocuments.ERROR && !windows.fits(ofText, repeated)) {
            return CutText.rejected(new Rejection(
                    RejectCode.TOO_LONG,
                    "The text has " + ofText + " tokens; the model takes " + windows.capacity(repeated)
                            + "; set embed.longDocuments to chunk or truncate"));
        }
        List<Windows.Span> spans = windows.spans(ofText, repeated);
        List<Window> cut = new ArrayList<>(spans.size());
        int left = 0;
        for (Windows.Span span : spans) {
            Window window = window(span, repeated);
            int length = window.ids().length;
            if (unknown.applyAsInt(window.ids()) == length) {
                left += length;
            } else {
                cut.add(window);
            }
        }
        if (cut.isEmpty()) {
            return CutText.rejected(new Rejection(
                    RejectCode.UNKNOWN_WORDS,
                    "None of the " + left
                            + " words has a vector in the model; train on more text or choose another model"));
        }
        return new CutText(cut, ofText - spans.get(spans.size() - 1).to(), left, Optional.empty());
    }

    /** How many tokens the prompt has to itself: its last ones may melt with the text's first, as a space does with the word behind it, and are then the text's. */
    private int promptTokens(int size) {
        int most = Math.min(size, promptIds.length);
        int melted = Arrays.mismatch(tokens.ids(), 0, most, promptIds, 0, most);
        return melted < 0 ? most : melted;
    }

    private Window window(Windows.Span span, int repeated) {
        int[] ids = windows.ids(promptIds, repeated, tokens.ids(), repeated, span);
        int length = span.to() - span.from();
        if (!offsets) {
            return new Window(ids, length, NOTHING, NOTHING);
        }
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        int at = windows.special().before().size() + repeated;
        for (int i = 0; i < length; i++) {
            int token = repeated + span.from() + i;
            starts[at + i] = Math.max(0, tokens.start(token) - promptCharacters);
            ends[at + i] = Math.max(0, tokens.end(token) - promptCharacters);
        }
        return new Window(ids, length, starts, ends);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
