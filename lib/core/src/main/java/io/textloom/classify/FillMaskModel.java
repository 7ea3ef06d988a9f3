package io.textloom.classify;

import io.textloom.model.Head;
import io.textloom.model.HeadSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.Device;
import io.textloom.runtime.HeadRequest;
import io.textloom.token.NamedTokens;
import io.textloom.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** A masked language model's folder opened: one per executor, safe for concurrent use. */
public final class FillMaskModel implements AutoCloseable {
    /** Overlap of windows at most; unit: tokens */
    private static final int MAX_OVERLAP = 128;

    private final HeadModel model;
    private final WindowOptions windows;
    private final int maskId;
    private final int topK;

    private FillMaskModel(
            ModelFolder folder, FillMaskOptions options, Tokenizer tokenizer, Device device, int threads) {
        if (HeadSpec.of(folder.config()).head().filter(h -> h == Head.MASKED_LM).isEmpty()) {
            throw new ModelException(HeadModel.named(folder) + "; fill-mask needs a " + Head.MASKED_LM.label()
                    + ", choose such a folder, or run the job classify for other heads");
        }
        this.topK = options.topK();
        this.maskId = maskId(folder, tokenizer);
        boolean pairs = options.otherColumn().isPresent();
        this.model = new HeadModel(
                folder,
                tokenizer,
                new HeadRequest(Head.MASKED_LM, pairs, options.precision()),
                "score",
                options.maxTokens(),
                options.stride(),
                options.batchTokens(),
                device,
                threads);
        int stride = options.stride() < 0 ? Math.min(MAX_OVERLAP, model.maxTokens() / 2) : options.stride();
        this.windows = new WindowOptions(
                "score",
                model.maxTokens(),
                stride,
                options.longDocuments(),
                pairs ? PairOrder.FIRST : PairOrder.SINGLE,
                false,
                true);
    }

    /**
     * @param tokenizer the folder's own; closed with the model
     * @param threads native threads of one call
     * @throws ModelException if the folder is no masked language model
     * @throws IllegalArgumentException if the options do not fit the model
     */
    public static FillMaskModel open(
            ModelFolder folder, FillMaskOptions options, Tokenizer tokenizer, Device device, int threads) {
        return new FillMaskModel(folder, options, tokenizer, device, threads);
    }

    /** Whether pairs get the probability that the second text follows on the first. */
    public boolean hasNextSentence() {
        return model.rowWidth() > 0;
    }

    HeadModel model() {
        return model;
    }

    WindowOptions windows() {
        return windows;
    }

    int maskId() {
        return maskId;
    }

    int topK() {
        return topK;
    }

    private static int maskId(ModelFolder folder, Tokenizer tokenizer) {
        List<String> spellings = new ArrayList<>();
        folder.specialToken("mask_token").ifPresent(spellings::add);
        spellings.addAll(List.of("[MASK]", "<mask>"));
        return NamedTokens.spelled(tokenizer, spellings)
                .orElseThrow(() -> new ModelException(
                        "The tokenizer of " + folder + " reads none of " + spellings + " as one token, so texts have no"
                                + " masks; name the mask_token in its tokenizer_config.json"));
    }

    @Override
    public void close() {
        model.close();
    }
}
