package io.textloom.classify;

import io.textloom.embed.ChunkVector;
import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.Embedder;
import io.textloom.embed.EmbeddingModel;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.embed.TokenVectors;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LongDocuments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Texts to the vectors that heads are trained on and see: by the embedder, each text for itself. A long text's vector is the mean of its windows' vectors by their tokens; a token has the vector of the window that holds most of the
 * text around it. For one caller at a time; many may share the model.
 */
public final class FrozenVectors implements AutoCloseable {
    /** Overlap of windows where tokens have vectors, at most; unit: tokens */
    private static final int MAX_OVERLAP = 128;

    private final Embedder embedder;
    private final int dimensions;
    private final int firstOfText;
    private final int stride;
    private final boolean tokens;

    /** @param model opened with {@link #options}; stays the caller's to close */
    public FrozenVectors(EmbeddingModel model, EmbedOptions options) {
        this.embedder = new Embedder(model);
        this.dimensions = model.dimensions();
        this.firstOfText = model.firstOfText();
        this.stride = options.stride();
        this.tokens = options.tokenVectors();
    }

    /**
     * How the encoder is to be opened.
     *
     * @param tokens whether tokens are to have vectors, too
     * @param maxTokens longest window, special tokens included; unit: tokens
     * @param stride overlap of windows; -1 for half a window, at most 128, where tokens have vectors, and else none; unit: tokens
     */
    public static EmbedOptions options(
            boolean tokens,
            int maxTokens,
            int stride,
            LongDocuments longDocuments,
            Precision precision,
            int batchTokens) {
        int overlap = stride >= 0 ? stride : tokens ? Math.min(MAX_OVERLAP, maxTokens / 2) : 0;
        return new EmbedOptions(
                PoolingOption.MODEL,
                List.of(-1),
                tokens,
                NormalizeOption.MODEL,
                maxTokens,
                overlap,
                longDocuments,
                Combine.NONE,
                0,
                "",
                precision,
                VectorType.FLOAT32,
                batchTokens);
    }

    /** Length of the vectors. */
    public int dimensions() {
        return dimensions;
    }

    /**
     * @param stats added to
     * @return what became of each text, in the order of {@code texts}
     */
    public List<FrozenText> of(List<String> texts, EmbedStats stats) {
        List<FrozenText> frozen = new ArrayList<>(texts.size());
        for (EmbedOutcome outcome : embedder.embed(texts, stats)) {
            frozen.add(
                    outcome instanceof EmbedOutcome.Rejected rejected
                            ? FrozenText.rejected(rejected.rejection())
                            : text(((EmbedOutcome.Embedded) outcome).chunks()));
        }
        return frozen;
    }

    private FrozenText text(List<ChunkVector> chunks) {
        int seen = 0;
        double[] sum = new double[dimensions];
        for (ChunkVector chunk : chunks) {
            seen += chunk.tokens();
            for (int d = 0; d < dimensions; d++) {
                sum[d] += (double) chunk.tokens() * chunk.vector()[d];
            }
        }
        float[] vector = chunks.get(0).vector();
        if (chunks.size() > 1) {
            vector = new float[dimensions];
            for (int d = 0; d < dimensions; d++) {
                vector[d] = (float) (sum[d] / Math.max(1, seen));
            }
        }
        Tokens all = tokens ? tokens(chunks) : new Tokens(0, dimensions);
        return new FrozenText(
                vector,
                all.vectors,
                all.ids,
                all.starts,
                all.ends,
                seen,
                chunks.get(0).dropped(),
                Optional.empty());
    }

    private Tokens tokens(List<ChunkVector> chunks) {
        int capacity = ofText(chunks.get(0).tokenVectors().orElseThrow());
        int step = capacity - stride;
        int last = chunks.size() - 1;
        int size = last * step + ofText(chunks.get(last).tokenVectors().orElseThrow());
        Tokens all = new Tokens(size, dimensions);
        int[] around = new int[size];
        Arrays.fill(around, -1);
        for (int i = 0; i <= last; i++) {
            TokenVectors window = chunks.get(i).tokenVectors().orElseThrow();
            int count = ofText(window);
            for (int at = 0; at < count; at++) {
                int margin = Math.min(at, count - 1 - at);
                int token = i * step + at;
                if (margin > around[token]) {
                    around[token] = margin;
                    all.put(token, window, firstOfText + at);
                }
            }
        }
        return all;
    }

    /** Special tokens stand around the text. */
    private static int ofText(TokenVectors window) {
        return window.textTokens();
    }

    /** The tokens of a whole text. */
    private static final class Tokens {
        final float[] vectors;
        final int[] ids;
        final int[] starts;
        final int[] ends;
        private final int dimensions;

        Tokens(int size, int dimensions) {
            this.dimensions = dimensions;
            vectors = new float[size * dimensions];
            ids = new int[size];
            starts = new int[size];
            ends = new int[size];
        }

        void put(int token, TokenVectors window, int place) {
            System.arraycopy(window.vectors(), place * dimensions, vectors, token * dimensions, dimensions);
            ids[token] = window.id(place);
            starts[token] = window.start(place);
            ends[token] = window.end(place);
        }
    }

    @Override
    public void close() {
        embedder.close();
    }
}
