package io.textloom.generate;

import io.textloom.constrain.Constraint;
import io.textloom.model.Gpt2Spec;
import io.textloom.model.Weights;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.DecoderSession;
import io.textloom.runtime.Device;
import io.textloom.token.Tokenizer;
import java.nio.file.Path;
import java.util.BitSet;

/** A model and its tokenizer in memory, and the lanes that decode with it; one per executor, safe for concurrent use. */
public final class GenerativeModel implements AutoCloseable {
    /** Room made at first for a row; unit: tokens. */
    private static final int EXPECTED_TOKENS = 128;

    private final Tokenizer tokenizer;
    private final DecoderSession session;
    private final BitSet endTokens = new BitSet();
    private final KvBudget budget;
    private final PrefixCache prefixes;
    private final Scheduler scheduler;

    private GenerativeModel(
            Gpt2Spec spec, Tokenizer tokenizer, DecoderSession session, EngineOptions options, int lanes) {
        this.tokenizer = tokenizer;
        this.session = session;
        spec.eosIds().forEach(endTokens::set);
        this.budget = KvBudget.of(options, session.shape(), lanes);
        this.prefixes = new PrefixCache(session.shape().kvBytes(DecodeState.BLOCK), budget.prefixBytes());
        this.scheduler = new Scheduler(lanes, s -> lane(s, options.slots()));
    }

    /**
     * Opens a model; the tokenizer is then closed with it.
     *
     * @param folder where the weights' files are
     * @param threads native threads of one call; 1 where lanes share the machine
     * @param lanes that decode at once, each with slots of its own
     * @throws IllegalArgumentException if the options' memory has no room for rows
     */
    public static GenerativeModel open(
            Gpt2Spec spec,
            Weights weights,
            Path folder,
            Tokenizer tokenizer,
            EngineOptions options,
            Device device,
            int threads,
            int lanes) {
        DecoderSession session = DecoderSession.open(spec, weights, folder, device, threads);
        try {
            return new GenerativeModel(spec, tokenizer, session, options, lanes);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * A generator for one task.
     *
     * @param options its engine options are those the model was opened with
     * @throws IllegalArgumentException if the options leave no room for a prompt in the model's context
     */
    public Generator newGenerator(GenerateOptions options) {
        PromptEncoder encoder = new PromptEncoder(session.shape(), budget.rowTokens(), tokenizer, options);
        return new Generator(options, encoder, scheduler, prefixes);
    }

    private Runnable lane(Scheduler owner, int slots) {
        DecodeState state = session.newState(slots, Math.min(EXPECTED_TOKENS, budget.rowTokens()), budget.rowTokens());
        return new Lane(owner, state, prefixes, new LaneTools(state, tokenizer, endTokens, this::constraint));
    }

    private Constraint constraint(SamplingOptions sampling) {
        throw new IllegalStateException("No constraint for " + sampling.constraint());
    }

    /** Ends the lanes after their running calls, then frees the native memory. */
    @Override
    public void close() {
        scheduler.close();
        prefixes.close();
        session.close();
        tokenizer.close();
    }
}
