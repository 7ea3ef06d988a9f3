package io.textloom.score;

import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.Device;
import io.textloom.runtime.LikelihoodSession;
import io.textloom.runtime.TokenBudget;
import io.textloom.token.NamedTokens;
import io.textloom.token.TokenBatch;
import io.textloom.token.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A decoder and its tokenizer opened to score texts: one per executor, safe for concurrent use. */
public final class ScoringModel implements AutoCloseable {
    /** Attention needs memory by the square of a window; unit: tokens */
    private static final int MOST_BY_DEFAULT = 2048;

    private final LikelihoodSession session;
    private final Tokenizer tokenizer;
    private final TokenBudget budget;
    private final int maxTokens;
    private final int[] start;

    private ScoringModel(ModelFolder folder, DecoderOptions options, Tokenizer tokenizer, Device device, int threads) {
        this.session = LikelihoodSession.open(folder, options.precision(), device, threads);
        try {
            EncoderSpec spec = session.spec();
            this.tokenizer = tokenizer;
            this.budget = TokenBudget.of(options.batchTokens(), device);
            this.maxTokens = options.maxTokens() == 0
                    ? Math.min(MOST_BY_DEFAULT, folder.maxTokens(spec.maxPositions()))
                    : options.maxTokens();
            if (maxTokens > spec.maxPositions()) {
                throw new IllegalArgumentException("score.maxTokens is " + maxTokens + " but the model " + folder
                        + " takes at most " + spec.maxPositions()
                        + "; lower it, or leave it 0 for the model's own limit");
            }
            if (tokenizer.vocabularySize() > spec.vocabulary()) {
                throw new ModelException("The tokenizer of " + folder + " has " + tokenizer.vocabularySize()
                        + " ids but the model " + spec.vocabulary() + "; they belong to different models");
            }
            this.start = start(folder, options.startToken(), tokenizer);
            if (start.length >= maxTokens) {
                throw new IllegalArgumentException(
                        "score.maxTokens is " + maxTokens + ", which leaves no room beside the start token; raise it");
            }
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /**
     * @param tokenizer the folder's own; closed with the model
     * @param threads native threads of one call
     * @throws ModelException if the folder holds no decoder with a language model's head
     * @throws IllegalArgumentException if the options do not fit the model
     */
    public static ScoringModel open(
            ModelFolder folder, DecoderOptions options, Tokenizer tokenizer, Device device, int threads) {
        return new ScoringModel(folder, options, tokenizer, device, threads);
    }

    /** What the tokenizer puts before a text; else the folder's beginning-of-text token; else nothing. */
    private static int[] start(ModelFolder folder, String asked, Tokenizer tokenizer) {
        if (asked.equals(DecoderOptions.NONE)) {
            return new int[0];
        }
        if (!asked.equals(DecoderOptions.AUTO)) {
            OptionalInt id = NamedTokens.id(tokenizer, asked);
            if (id.isEmpty()) {
                throw new IllegalArgumentException("score.startToken is " + asked + ", which the tokenizer of " + folder
                        + " does not read as one token; expected auto, none or the spelling of a token");
            }
            return new int[] {id.getAsInt()};
        }
        List<Integer> before = tokenizer.specialTokens().before();
        if (!before.isEmpty()) {
            return before.stream().mapToInt(i -> i).toArray();
        }
        Optional<String> spelling = folder.specialToken("bos_token");
        OptionalInt named = spelling.isEmpty() ? OptionalInt.empty() : NamedTokens.id(tokenizer, spelling.get());
        if (named.isPresent()) {
            return new int[] {named.getAsInt()};
        }
        int id = folder.config().path("bos_token_id").asInt(-1);
        return id >= 0 && id < tokenizer.vocabularySize() ? new int[] {id} : new int[0];
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Longest window; unit: tokens */
    int maxTokens() {
        return maxTokens;
    }

    /** What every text begins with; empty for nothing. Owned by the model. */
    int[] start() {
        return start;
    }

    PassageRunner runner() {
        return new PassageRunner(
                new PassageRunner.Batches() {
                    @Override
                    public void run(TokenBatch batch, int[] places, int[] targets, float[] logprobs, float[] margins) {
                        session.run(batch, places, targets, logprobs, margins);
                    }

                    @Override
                    public double flops(int tokens, int places) {
                        return session.flops(tokens, places);
                    }
                },
                budget);
    }

    @Override
    public void close() {
        try (tokenizer) {
            session.close();
        }
    }
}
