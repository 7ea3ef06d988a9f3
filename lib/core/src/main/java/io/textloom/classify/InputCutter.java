package io.textloom.classify;

import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.LongDocuments;
import io.textloom.token.ModelInput;
import io.textloom.token.ModelInputs;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokens;
import io.textloom.token.Truncation;
import io.textloom.token.TruncationStrategy;
import java.util.List;

/**
 * Tokenizes texts and cuts them into windows. For one thread; to be closed by it.
 *
 * <p>Of a pair the text is cut. What goes with it stands in every window, and is cut itself, which counts as dropped, only where it would take more than half the
 * room, or where both are truncated: then the longer one is cut first.
 */
final class InputCutter implements AutoCloseable {
    private final WindowOptions options;
    private final ModelInputs inputs;
    private final TokenEncoder encoder;
    private final Tokens tokens = new Tokens();
    private final Tokens beside = new Tokens();
    private final Tokens cutBeside = new Tokens();
    private String encodedBeside = "";

    /** @param encoder closed with this */
    InputCutter(WindowOptions options, ModelInputs inputs, TokenEncoder encoder) {
        this.options = options;
        this.inputs = inputs;
        this.encoder = encoder;
    }

    /** Never throws for a bad text: that is rejected. */
    CutInput cut(String text, String other) {
        try {
            if (options.offsets()) {
                encoder.encodeWithOffsets(text, tokens);
            } else {
                encoder.encode(text, tokens);
            }
            if (options.order() != PairOrder.SINGLE && !(other.equals(encodedBeside) && beside.size() > 0)) {
                encoder.encode(other, beside);
                encodedBeside = other;
            }
        } catch (RuntimeException e) {
            encodedBeside = "";
            beside.clear();
            return new CutInput(new Rejection(RejectCode.TOKENIZER_FAILED, "The tokenizer failed: " + e.getMessage()));
        }
        int room = options.order() == PairOrder.SINGLE
                ? inputs.roomOfSingle(options.maxTokens())
                : inputs.roomOfPair(options.maxTokens());
        int size = tokens.size() + (options.order() == PairOrder.SINGLE ? 0 : beside.size());
        if (options.longDocuments() == LongDocuments.ERROR && size > room) {
            return new CutInput(new Rejection(
                    RejectCode.TOO_LONG,
                    "The text has " + size + " tokens with what goes with it; the model takes " + room + "; set "
                            + options.job() + ".longDocuments to chunk or truncate"));
        }
        return options.order() == PairOrder.SINGLE ? single(room) : pair(room);
    }

    private CutInput single(int room) {
        Truncation truncation = truncation(room, TruncationStrategy.LONGEST_FIRST);
        if (options.longDocuments() == LongDocuments.CHUNK) {
            return new CutInput(inputs.single(tokens, truncation), 0, 0, tokens);
        }
        ModelInput first = inputs.firstOfSingle(tokens, truncation);
        return new CutInput(List.of(first), 0, first.dropped(), tokens);
    }

    private CutInput pair(int room) {
        int sequence = options.order().sequence();
        if (options.longDocuments() != LongDocuments.CHUNK && !options.keepsOther()) {
            ModelInput first = firstOfPair(beside, truncation(room, TruncationStrategy.LONGEST_FIRST));
            return new CutInput(List.of(first), sequence, first.dropped(), tokens);
        }
        Tokens kept = shortened(Math.max(room / 2, room - tokens.size()));
        Truncation truncation = truncation(
                room - kept.size(),
                options.order() == PairOrder.FIRST ? TruncationStrategy.ONLY_FIRST : TruncationStrategy.ONLY_SECOND);
        int cut = beside.size() - kept.size();
        if (options.longDocuments() == LongDocuments.CHUNK) {
            List<ModelInput> windows = options.order() == PairOrder.FIRST
                    ? inputs.pair(tokens, kept, truncation)
                    : inputs.pair(kept, tokens, truncation);
            return new CutInput(windows, sequence, cut, tokens);
        }
        ModelInput first = firstOfPair(kept, truncation);
        return new CutInput(List.of(first), sequence, cut + first.dropped(), tokens);
    }

    private ModelInput firstOfPair(Tokens other, Truncation truncation) {
        return options.order() == PairOrder.FIRST
                ? inputs.firstOfPair(tokens, other, truncation)
                : inputs.firstOfPair(other, tokens, truncation);
    }

    private Tokens shortened(int max) {
        if (beside.size() <= max) {
            return beside;
        }
        cutBeside.clear();
        for (int i = 0; i < max; i++) {
            cutBeside.add(beside.id(i));
        }
        return cutBeside;
    }

    /** Windows that cannot overlap as far as asked, because a question leaves little room, overlap by half. */
    private Truncation truncation(int room, TruncationStrategy strategy) {
        int stride = options.stride() < room ? options.stride() : room / 2;
        return new Truncation(options.maxTokens(), stride, strategy, false);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
