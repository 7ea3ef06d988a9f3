package io.textloom.generate;

import io.textloom.model.DecoderSpec;
import io.textloom.model.Weights;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.DecoderSession;
import io.textloom.runtime.Device;
import io.textloom.token.Tokenizer;
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
    private final ConstraintStore constraints;

    GenerativeModel(DecoderSpec spec, Tokenizer tokenizer, DecoderSession session, EngineOptions options, int lanes) {
        this.tokenizer = tokenizer;
        this.session = session;
        spec.eosIds().forEach(endTokens::set);
        this.constraints = new ConstraintStore(tokenizer, endTokens);
        this.budget = KvBudget.of(options, session.shape(), lanes, session.mostTokens(options.slots()));
        this.prefixes = new PrefixCache(session.shape().kvBytes(DecodeState.BLOCK), budget.prefixBytes());
        this.scheduler = new Scheduler(lanes, s -> lane(s, options.slots()));
    }

    /**
     * Opens a model; the tokenizer is then closed with it.
     *
     * @param threads native threads of one call; 1 where lanes share the machine
     * @param lanes that decode at once, each with slots of its own
     * @throws IllegalArgumentException if the options' memory has no room for rows
     */
    public static GenerativeModel open(
            DecoderSpec spec,
            Weights weights,
            Tokenizer tokenizer,
            EngineOptions options,
            Device device,
            int threads,
            int lanes) {
        DecoderSession session = DecoderSession.open(spec, weights, options.precision(), device, threads);
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
        return new Generator(options, encoder, scheduler, prefixes, constraints);
    }

    /**
     * For callers all of whose completions may have that length.
     *
     * @param newTokens longest completion; unit: tokens
     * @throws IllegalArgumentException if there is no memory for any prompt beside it
     */
    public void requireRoom(int newTokens) {
        if (newTokens >= budget.rowTokens()) {
            throw new IllegalArgumentException("generate.maxNewTokens is " + newTokens
                    + " but there is memory for rows of " + budget.rowTokens()
                    + " tokens, prompt included; set it lower, lower generate.slots, or raise generate.kvMemory");
        }
    }

    private Runnable lane(Scheduler owner, int slots) {
        DecodeState state = session.newState(slots, Math.min(EXPECTED_TOKENS, budget.rowTokens()), budget.rowTokens());
        return new Lane(owner, state, prefixes, new LaneTools(state, tokenizer, endTokens));
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
