package io.textloom.classify;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.Device;
import io.textloom.runtime.EncoderSession;
import io.textloom.runtime.HeadRequest;
import io.textloom.runtime.TokenBudget;
import io.textloom.token.ModelInputs;
import io.textloom.token.TokenBatch;
import io.textloom.token.Tokenizer;

/** An encoder with its head and its tokenizer, opened: safe for concurrent use. */
final class HeadModel implements AutoCloseable {
    /** Attention needs memory by the square of a window, which some models have no limit for; unit: tokens */
    private static final int MOST_BY_DEFAULT = 8192;

    private final EncoderSession session;
    private final Tokenizer tokenizer;
    private final ModelInputs inputs;
    private final TokenBudget budget;
    private final int maxTokens;

    /**
     * @param tokenizer closed with the model
     * @param job whose settings the limits are, for messages
     * @param maxTokens 0 for the model's own limit, and at most 8192; unit: tokens
     * @param stride overlap of windows that was asked for; -1 for none in particular; unit: tokens
     * @param batchTokens 0 for what suits the device; unit: tokens
     * @param threads native threads of one call
     */
    HeadModel(
            ModelFolder folder,
            Tokenizer tokenizer,
            HeadRequest request,
            String job,
            int maxTokens,
            int stride,
            int batchTokens,
            Device device,
            int threads) {
        EncoderSpec spec = folder.encoderSpec();
        this.tokenizer = tokenizer;
        this.inputs = new ModelInputs(tokenizer);
        this.budget = TokenBudget.of(batchTokens, device);
        this.maxTokens = maxTokens == 0 ? Math.min(MOST_BY_DEFAULT, folder.maxTokens(spec.maxPositions())) : maxTokens;
        if (maxTokens > spec.maxPositions()) {
            throw new IllegalArgumentException(job + ".maxTokens is " + maxTokens + " but the model " + folder
                    + " takes at most " + spec.maxPositions() + "; lower it, or leave it 0 for the model's own limit");
        }
        if (tokenizer.vocabularySize() > spec.vocabulary()) {
            throw new ModelException("The tokenizer of " + folder + " has " + tokenizer.vocabularySize()
                    + " ids but the model " + spec.vocabulary() + "; they belong to different models");
        }
        int room = request.pairs() ? inputs.roomOfPair(this.maxTokens) : inputs.roomOfSingle(this.maxTokens);
        if (room < (request.pairs() ? 2 : 1)) {
            throw new IllegalArgumentException(job + ".maxTokens is " + this.maxTokens + ", which leaves " + room
                    + " tokens beside the special ones of every window; raise it");
        }
        if (stride >= room) {
            throw new IllegalArgumentException(job + ".stride is " + stride + " but a window of " + this.maxTokens
                    + " tokens has room for " + room + " of text; lower it, or raise " + job + ".maxTokens");
        }
        this.session = EncoderSession.open(folder, request, device, threads);
    }

    /** What config.json says of a folder's class, for messages. */
    static String named(ModelFolder folder) {
        JsonNode classes = folder.config().path("architectures");
        return "config.json of " + folder + " names " + (classes.isEmpty() ? "no class" : "the class " + classes);
    }

    InputCutter cutter(WindowOptions options) {
        return new InputCutter(options, inputs, tokenizer.encoder());
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    TokenBudget budget() {
        return budget;
    }

    /** Longest window, special tokens included; unit: tokens */
    int maxTokens() {
        return maxTokens;
    }

    int rowWidth() {
        return session.rowWidth();
    }

    int tokenWidth() {
        return session.tokenWidth();
    }

    double flops(int tokens) {
        return session.spec().flops(tokens);
    }

    void run(TokenBatch batch, int[] wanted, float[] rows, float[] tokens) {
        session.run(batch, wanted, rows, tokens);
    }

    @Override
    public void close() {
        try (tokenizer) {
            session.close();
        }
    }
}
