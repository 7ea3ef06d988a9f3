package io.textloom.embed;

import io.textloom.model.BertSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.SentenceSettings;
import io.textloom.runtime.Device;
import io.textloom.runtime.EncoderSession;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Vectors;
import io.textloom.token.TokenBatch;
import io.textloom.token.Tokenizer;

/**
 * A model folder opened for embedding: one per executor, safe for concurrent use. What the options leave to the model is settled here.
 */
public final class EmbeddingModel implements AutoCloseable {
    private static final String NAMED_PROMPT = "model:";

    private final EncoderSession session;
    private final Tokenizer tokenizer;
    private final Windows windows;
    private final TokenBudget budget;
    private final Pooling pooling;
    private final boolean normalized;
    private final int dimensions;
    private final String prompt;

    private EmbeddingModel(ModelFolder folder, EmbedOptions options, Tokenizer tokenizer, Device device, int threads) {
        BertSpec spec = folder.bertSpec();
        SentenceSettings settings = folder.sentence();
        this.tokenizer = tokenizer;
        this.pooling = options.pooling().or(settings.pooling());
        this.normalized = options.normalize().or(settings.normalize());
        this.dimensions = dimensions(options.dimensions(), spec.hidden());
        this.prompt = prompt(options.prompt(), settings);
        this.budget = new TokenBudget(options.batchTokens());
        if (options.maxTokens() > spec.maxPositions()) {
            throw new IllegalArgumentException("embed.maxTokens is " + options.maxTokens() + " but the model " + folder
                    + " takes at most " + spec.maxPositions() + "; lower it, or leave it 0 for the model's own limit");
        }
        if (tokenizer.vocabularySize() > spec.vocabulary()) {
            throw new ModelException("The tokenizer of " + folder + " has " + tokenizer.vocabularySize()
                    + " ids but the model " + spec.vocabulary() + "; they belong to different models");
        }
        int maxTokens = options.maxTokens() == 0 ? folder.maxTokens(spec.maxPositions()) : options.maxTokens();
        this.windows = new Windows(tokenizer.specialTokens(), maxTokens, options.stride(), options.longDocuments());
        windows.capacity(prompt.isEmpty() ? 0 : tokenizer.encode(prompt).length);
        this.session = EncoderSession.open(folder, pooling, normalized, device, threads);
    }

    /**
     * Opens for callers that bring their own threads: one native thread per call.
     *
     * @param tokenizer the folder's own; closed with the model
     * @throws ModelException if the folder does not fit
     * @throws IllegalArgumentException if the options do not fit the model
     */
    public static EmbeddingModel open(ModelFolder folder, EmbedOptions options, Tokenizer tokenizer) {
        return open(folder, options, tokenizer, Device.CPU, 1);
    }

    /** @param threads native threads of one call */
    public static EmbeddingModel open(
            ModelFolder folder, EmbedOptions options, Tokenizer tokenizer, Device device, int threads) {
        return new EmbeddingModel(folder, options, tokenizer, device, threads);
    }

    /** Length of the vectors. */
    public int dimensions() {
        return dimensions;
    }

    /** Longest window, special tokens included; unit: tokens */
    public int maxTokens() {
        return windows.maxTokens();
    }

    public Pooling pooling() {
        return pooling;
    }

    /** Whether vectors have length 1. */
    public boolean normalized() {
        return normalized;
    }

    /** The text put before every text; empty for none. */
    public String prompt() {
        return prompt;
    }

    /** Floating point operations of a sequence of {@code tokens}, padding not counted. */
    public double flops(int tokens) {
        return session.spec().flops(tokens);
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Windows windows() {
        return windows;
    }

    TokenBudget budget() {
        return budget;
    }

    /** Width of the model's own vectors, before any cut. */
    int hidden() {
        return session.spec().hidden();
    }

    /** @param out float[rows * hidden], row-major, overwritten */
    void run(TokenBatch batch, float[] out) {
        session.run(batch, out);
    }

    /** The first dimensions of one row, scaled to length 1 again if the model's vectors are. */
    float[] vector(float[] out, int row) {
        float[] vector = new float[dimensions];
        System.arraycopy(out, row * hidden(), vector, 0, dimensions);
        if (normalized && dimensions < hidden()) {
            Vectors.normalize(vector);
        }
        return vector;
    }

    @Override
    public void close() {
        try (tokenizer) {
            session.close();
        }
    }

    private static int dimensions(int asked, int hidden) {
        if (asked > hidden) {
            throw new IllegalArgumentException("embed.dimensions is " + asked + " but the model's vectors have "
                    + hidden + "; lower it, or leave it 0 for all");
        }
        return asked == 0 ? hidden : asked;
    }

    private static String prompt(String asked, SentenceSettings settings) {
        if (!asked.startsWith(NAMED_PROMPT) && !asked.isEmpty()) {
            return asked;
        }
        String name = asked.isEmpty() ? settings.defaultPrompt() : asked.substring(NAMED_PROMPT.length());
        if (name.isEmpty() && asked.isEmpty()) {
            return "";
        }
        String prompt = settings.prompts().get(name);
        if (prompt == null) {
            throw new IllegalArgumentException("The model has no prompt \"" + name + "\"; it has "
                    + settings.prompts().keySet() + ", or give the prompt itself");
        }
        return prompt;
    }
}
