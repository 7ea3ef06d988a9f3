package io.textloom.generate;

import io.textloom.model.Gpt2Spec;
import io.textloom.model.Weights;
import io.textloom.runtime.DecoderSession;
import io.textloom.runtime.Device;
import io.textloom.token.Tokenizer;
import java.nio.file.Path;

/** A model and its tokenizer in memory; one per executor, safe for concurrent use. */
public final class GenerativeModel implements AutoCloseable {
    private final Gpt2Spec spec;
    private final Tokenizer tokenizer;
    private final DecoderSession session;

    private GenerativeModel(Gpt2Spec spec, Tokenizer tokenizer, DecoderSession session) {
        this.spec = spec;
        this.tokenizer = tokenizer;
        this.session = session;
    }

    /** On the CPU. */
    public static GenerativeModel open(Gpt2Spec spec, Weights weights, Path folder, Tokenizer tokenizer, int threads) {
        return open(spec, weights, folder, tokenizer, Device.CPU, threads);
    }

    /**
     * Opens a model; the tokenizer is then closed with it.
     *
     * @param folder where the weights' files are
     * @param threads native threads of one call; 1 where tasks share the machine
     */
    public static GenerativeModel open(
            Gpt2Spec spec, Weights weights, Path folder, Tokenizer tokenizer, Device device, int threads) {
        return new GenerativeModel(spec, tokenizer, DecoderSession.open(spec, weights, folder, device, threads));
    }

    public Gpt2Spec spec() {
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
