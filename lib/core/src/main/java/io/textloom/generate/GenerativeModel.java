package io.textloom.generate;

import io.textloom.model.DecoderSpec;
import io.textloom.model.Weights;
import io.textloom.runtime.DecoderSession;
import io.textloom.runtime.Device;
import io.textloom.tensor.Precision;
import io.textloom.token.Tokenizer;

/** A model and its tokenizer in memory; one per executor, safe for concurrent use. */
public final class GenerativeModel implements AutoCloseable {
    private final DecoderSpec spec;
    private final Tokenizer tokenizer;
    private final DecoderSession session;

    private GenerativeModel(DecoderSpec spec, Tokenizer tokenizer, DecoderSession session) {
        this.spec = spec;
        this.tokenizer = tokenizer;
        this.session = session;
    }

    /** In float32 on the CPU. */
    public static GenerativeModel open(DecoderSpec spec, Weights weights, Tokenizer tokenizer, int threads) {
        return open(spec, weights, Precision.FLOAT32, tokenizer, Device.CPU, threads);
    }

    /**
     * Opens a model; the tokenizer is then closed with it.
     *
     * @param threads native threads of one call; 1 where tasks share the machine
     */
    public static GenerativeModel open(
            DecoderSpec spec, Weights weights, Precision precision, Tokenizer tokenizer, Device device, int threads) {
        return new GenerativeModel(spec, tokenizer, DecoderSession.open(spec, weights, precision, device, threads));
    }

    public DecoderSpec spec() {
        return spec;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * A generator for one task, with slots of its own.
     *
     * @throws IllegalArgumentException if the options leave no room for a prompt in the model's context
     */
    public Generator newGenerator(GenerateOptions options) {
        return new Generator(spec, tokenizer, session, options);
    }

    /** Waits for running calls, then frees the native memory. */
    @Override
    public void close() {
        session.close();
        tokenizer.close();
    }
}
