package io.textloom.embed;

import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.SentenceSettings;
import io.textloom.runtime.Device;
import io.textloom.runtime.Encoder;
import io.textloom.runtime.EncoderRequest;
import io.textloom.runtime.TokenBudget;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.VectorType;
import io.textloom.tensor.Vectors;
import io.textloom.token.TokenBatch;
import io.textloom.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model folder opened for embedding: one per executor, safe for concurrent use. What the options leave to the model is settled here.
 */
public final class EmbeddingModel implements AutoCloseable {
    private static final String NAMED_PROMPT = "model:";
    private static final float[] NOTHING = new float[0];

    /** Attention needs memory by the square of a window, which some models have no limit for; unit: tokens */
    private static final int MOST_BY_DEFAULT = 8192;

    private final Encoder encoder;
    private final Tokenizer tokenizer;
    private final Windows windows;
    private final TokenBudget budget;
    private final Optional<Pooling> pooling;
    private final boolean normalized;
    private final boolean tokenVectors;
    private final Combine combine;
    private final int dimensions;
    private final VectorType vectorType;
    private final String prompt;
    private final int[] promptIds;

    private EmbeddingModel(ModelFolder folder, EmbedOptions options, Tokenizer tokenizer, Device device, int threads) {
        EncoderSpec spec = folder.encoderSpec();
        SentenceSettings settings = folder.sentence();
        this.tokenizer = tokenizer;
        this.pooling = options.pooling().or(settings.pooling());
        this.tokenVectors = options.tokenVectors();
        this.normalized = options.normalize().or(pooling.isPresent() && settings.normalize());
        this.combine = options.combine();
        this.dimensions = dimensions(options.dimensions(), spec.hidden());
        this.vectorType = options.vectorType();
        this.prompt = prompt(options.prompt(), settings);
        pooling.ifPresent(used -> settings.checkPrompt(prompt, used));
        this.promptIds = prompt.isEmpty() ? new int[0] : tokenizer.encode(prompt);
        this.budget = TokenBudget.of(options.batchTokens(), device);
        if (options.maxTokens() > spec.maxPositions()) {
            throw new IllegalArgumentException("embed.maxTokens is " + options.maxTokens() + " but the model " + folder
                    + " takes at most " + spec.maxPositions() + "; lower it, or leave it 0 for the model's own limit");
        }
        if (tokenizer.vocabularySize() > spec.vocabulary()) {
            throw new ModelException("The tokenizer of " + folder + " has " + tokenizer.vocabularySize()
                    + " ids but the model " + spec.vocabulary() + "; they belong to different models");
        }
        int maxTokens = options.maxTokens() == 0
                ? Math.min(MOST_BY_DEFAULT, folder.maxTokens(spec.maxPositions()))
                : options.maxTokens();
        this.windows = new Windows(tokenizer.specialTokens(), maxTokens, options.stride(), options.longDocuments());
        windows.capacity(promptIds.length);
        this.encoder = Encoder.open(
                folder,
                new EncoderRequest(pooling, tokenVectors, normalized, options.layers(), false, options.precision()),
                device,
                threads);
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
        try {
            return new EmbeddingModel(folder, options, tokenizer, device, threads);
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    /** Length of the vectors. */
    public int dimensions() {
        return dimensions;
    }

    /** Where in a window the text's own tokens begin, as far as the prompt does not melt with them. */
    public int firstOfText() {
        return windows.special().before().size() + promptIds.length;
    }

    /** Longest window, special tokens included; unit: tokens */
    public int maxTokens() {
        return windows.maxTokens();
    }

    /** Empty where only token vectors are asked for. */
    public Optional<Pooling> pooling() {
        return pooling;
    }

    /** Whether token vectors are asked for. */
    public boolean tokenVectors() {
        return tokenVectors;
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
        return encoder.spec().flops(tokens);
    }

    /** Texts to windows, for one thread. */
    public TextCutter cutter() {
        return new TextCutter(
                windows,
                prompt,
                promptIds,
                tokenVectors,
                tokenizer.encoder(),
                ids -> encoder.unknown(ids, 0, ids.length));
    }

    /** In which numbers its vectors are to be stored. */
    VectorType vectorType() {
        return vectorType;
    }

    TokenBudget budget() {
        return budget;
    }

    /** Width of the model's own text vectors, before any cut; 0 if there are none. */
    int rowWidth() {
        return encoder.rowWidth();
    }

    /** Width of the model's own token vectors, before any cut; 0 if there are none. */
    int tokenWidth() {
        return encoder.tokenWidth();
    }

    void run(TokenBatch batch, float[] rows, float[] tokens) {
        encoder.run(batch, rows, tokens);
    }

    /** The vectors of one row of a batch. */
    WindowVectors vectors(TokenBatch batch, int row, float[] rows, float[] tokens) {
        float[] vector = rowWidth() == 0
                ? NOTHING
                : head(rows, row * rowWidth(), 1, rowWidth(), normalized && dimensions < rowWidth());
        float[] ofTokens = tokenWidth() == 0
                ? NOTHING
                : head(
                        tokens,
                        batch.offset(row) * tokenWidth(),
                        batch.length(row),
                        tokenWidth(),
                        normalized && pooling.isEmpty() && dimensions < tokenWidth());
        return new WindowVectors(vector, ofTokens);
    }

    /** The first dimensions of some vectors, scaled to length 1 again if asked. */
    private float[] head(float[] from, int at, int count, int width, boolean normalize) {
        float[] heads = new float[count * dimensions];
        for (int i = 0; i < count; i++) {
            System.arraycopy(from, at + i * width, heads, i * dimensions, dimensions);
            if (normalize) {
                Vectors.normalize(heads, i * dimensions, dimensions);
            }
        }
        return heads;
    }

    /** What becomes of a text whose windows have these vectors. */
    public EmbedOutcome outcome(CutText text, List<WindowVectors> vectors) {
        if (text.rejection().isPresent()) {
            return new EmbedOutcome.Rejected(text.rejection().get());
        }
        for (WindowVectors v : vectors) {
            if (v.rejection().isPresent()) {
                return new EmbedOutcome.Rejected(v.rejection().get());
            }
        }
        if (combine != Combine.NONE) {
            return new EmbedOutcome.Embedded(List.of(combined(text, vectors)));
        }
        return new EmbedOutcome.Embedded(chunks(text.windows(), vectors, text.dropped(), text.unknown(), 0));
    }

    private int unknown(Window window) {
        return encoder.unknown(window.ids(), 0, window.ids().length);
    }

    /** Whether a text has one row, whatever its windows. */
    public boolean combines() {
        return combine != Combine.NONE;
    }

    /**
     * A row for each of some windows of a text.
     *
     * @param vectors of the windows; none rejected
     * @param dropped what of the text is behind the last window; unit: tokens
     * @param left what of it was in windows that were left out; unit: tokens
     * @param first number of the first window within the text
     */
    public List<ChunkVector> chunks(
            List<Window> windows, List<WindowVectors> vectors, int dropped, int left, int first) {
        List<ChunkVector> chunks = new ArrayList<>(vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            Window window = windows.get(i);
            WindowVectors v = vectors.get(i);
            Optional<TokenVectors> tokens =
                    tokenVectors ? Optional.of(new TokenVectors(window, v.tokens(), dimensions)) : Optional.empty();
            int unknown = unknown(window);
            chunks.add(new ChunkVector(
                    first + i, v.vector(), window.ids().length - unknown, dropped, left + unknown, tokens));
        }
        return chunks;
    }

    private ChunkVector combined(CutText text, List<WindowVectors> vectors) {
        double[] sum = new double[dimensions];
        double weights = 0;
        int tokens = 0;
        int unknown = text.unknown();
        for (int i = 0; i < vectors.size(); i++) {
            Window window = text.windows().get(i);
            int left = unknown(window);
            unknown += left;
            double weight = combine == Combine.MEAN ? 1 : Math.max(1, window.textTokens() - left);
            float[] vector = vectors.get(i).vector();
            for (int d = 0; d < sum.length; d++) {
                sum[d] += weight * vector[d];
            }
            weights += weight;
            tokens += window.ids().length - left;
        }
        float[] mean = new float[dimensions];
        for (int d = 0; d < mean.length; d++) {
            mean[d] = (float) (sum[d] / weights);
        }
        if (normalized && vectors.size() > 1) {
            Vectors.normalize(mean, 0, dimensions);
        }
        return new ChunkVector(0, mean, tokens, text.dropped(), unknown, Optional.empty());
    }

    @Override
    public void close() {
        try (tokenizer) {
            encoder.close();
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
