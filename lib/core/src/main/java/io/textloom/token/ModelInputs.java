package io.textloom.token;

import io.textloom.token.file.Template;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes model inputs of encoded sequences: truncation, overlapping windows of what is cut off, special tokens and token types of a pair.
 *
 * <p>Source: {@code truncate_encodings} and {@code TemplateProcessing} of tokenizers 0.23.3.
 */
public final class ModelInputs {
    private final Template template;

    public ModelInputs(Tokenizer tokenizer) {
        template = tokenizer.template();
    }

    private record Window(int from, int to) {}

    /**
     * One sequence.
     *
     * @return what truncation keeps, then a window for each part of the rest
     * @throws IllegalArgumentException if the special tokens or the stride leave no room
     */
    public List<ModelInput> single(Tokens tokens, Truncation truncation) {
        int room = room(truncation, template.specialsOfSingle());
        List<ModelInput> inputs = new ArrayList<>();
        for (Window window : windows(tokens.size(), room, truncation)) {
            inputs.add(input(template.single(), new Tokens[] {tokens}, new Window[] {window}));
        }
        return inputs;
    }

    /**
     * Two sequences, such as question and passage.
     *
     * @return what truncation keeps of both, then each other combination of their windows
     * @throws IllegalArgumentException if the special tokens, the stride or the sequence that is not to be cut leave no room
     */
    public List<ModelInput> pair(Tokens first, Tokens second, Truncation truncation) {
        TruncationStrategy.Kept kept = kept(first, second, truncation);
        List<Window> firsts = windows(first.size(), kept.first(), truncation);
        List<Window> seconds = windows(second.size(), kept.second(), truncation);
        Tokens[] tokens = {first, second};
        List<ModelInput> inputs = new ArrayList<>();
        inputs.add(input(template.pair(), tokens, new Window[] {firsts.get(0), seconds.get(0)}));
        for (Window a : firsts.subList(1, firsts.size())) {
            for (Window b : seconds) {
                inputs.add(input(template.pair(), tokens, new Window[] {a, b}));
            }
        }
        for (Window b : seconds.subList(1, seconds.size())) {
            inputs.add(input(template.pair(), tokens, new Window[] {firsts.get(0), b}));
        }
        return inputs;
    }

    /** {@link #single} without the windows of what is cut off. */
    public ModelInput firstOfSingle(Tokens tokens, Truncation truncation) {
        int room = room(truncation, template.specialsOfSingle());
        Window window = first(tokens.size(), room, truncation);
        return input(template.single(), new Tokens[] {tokens}, new Window[] {window});
    }

    /** {@link #pair} without the windows of what is cut off. */
    public ModelInput firstOfPair(Tokens first, Tokens second, Truncation truncation) {
        TruncationStrategy.Kept kept = kept(first, second, truncation);
        Window[] windows = {
            first(first.size(), kept.first(), truncation), first(second.size(), kept.second(), truncation)
        };
        return input(template.pair(), new Tokens[] {first, second}, windows);
    }

    /** Tokens that a single sequence may have; unit: tokens. */
    public int roomOfSingle(int maxTokens) {
        return maxTokens - template.specialsOfSingle();
    }

    /** Tokens that two sequences may have together; unit: tokens. */
    public int roomOfPair(int maxTokens) {
        return maxTokens - template.specialsOfPair();
    }

    private TruncationStrategy.Kept kept(Tokens first, Tokens second, Truncation truncation) {
        int room = room(truncation, template.specialsOfPair());
        return first.size() + second.size() <= room
                ? new TruncationStrategy.Kept(first.size(), second.size())
                : truncation.strategy().keep(first.size(), second.size(), room);
    }

    private static Window first(int tokens, int max, Truncation truncation) {
        int kept = Math.min(tokens, max);
        return truncation.fromLeft() ? new Window(tokens - kept, tokens) : new Window(0, kept);
    }

    private static int room(Truncation truncation, int specials) {
        int room = truncation.maxTokens() - specials;
        if (room < 1) {
            throw new IllegalArgumentException("An input of " + truncation.maxTokens() + " tokens holds " + specials
                    + " special tokens; nothing is left for the text: raise the limit");
        }
        return room;
    }

    /** The first is what stays. */
    private static List<Window> windows(int tokens, int max, Truncation truncation) {
        if (tokens <= max) {
            return List.of(new Window(0, tokens));
        }
        if (truncation.stride() >= max) {
            throw new IllegalArgumentException("Windows of " + max + " tokens cannot overlap by " + truncation.stride()
                    + "; lower the stride or raise the limit");
        }
        List<Window> windows = new ArrayList<>();
        int step = max - truncation.stride();
        for (int start = 0; ; start += step) {
            int end = Math.min(start + max, tokens);
            windows.add(truncation.fromLeft() ? new Window(tokens - end, tokens - start) : new Window(start, end));
            if (end == tokens) {
                return windows;
            }
        }
    }

    private static ModelInput input(List<Template.Slot> slots, Tokens[] tokens, Window[] windows) {
        int size = 0;
        int all = 0;
        int kept = 0;
        for (int i = 0; i < tokens.length; i++) {
            all += tokens[i].size();
            kept += windows[i].to() - windows[i].from();
        }
        for (Template.Slot slot : slots) {
            size += slot instanceof Template.Special special
                    ? special.ids().size()
                    : length(windows[((Template.Sequence) slot).index()]);
        }
        int[] ids = new int[size];
        int[] types = new int[size];
        byte[] sequences = new byte[size];
        int[] positions = new int[size];
        int at = 0;
        for (Template.Slot slot : slots) {
            if (slot instanceof Template.Special special) {
                for (int id : special.ids()) {
                    ids[at] = id;
                    sequences[at] = ModelInput.SPECIAL;
                    positions[at] = -1;
                    types[at++] = slot.type();
                }
                continue;
            }
            int index = ((Template.Sequence) slot).index();
            for (int i = windows[index].from(); i < windows[index].to(); i++) {
                ids[at] = tokens[index].id(i);
                sequences[at] = (byte) index;
                positions[at] = i;
                types[at++] = slot.type();
            }
        }
        return new ModelInput(ids, types, sequences, positions, all - kept);
    }

    private static int length(Window window) {
        return window.to() - window.from();
    }
}
