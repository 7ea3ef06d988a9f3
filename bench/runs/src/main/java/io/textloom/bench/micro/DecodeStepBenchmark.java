package io.textloom.bench.micro;

import io.textloom.model.Weights;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.DecoderSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One decode step of all slots of a GPT-2, KV cache in use, context of 64 to 128 tokens; reading the logits is part of it. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls open first
public class DecodeStepBenchmark {
    private static final int PROMPT_TOKENS = 64;
    private static final int MAX_CONTEXT = 128;

    @Param({"1", "8", "16", "32"})
    int slots;

    /** The default is GPT-2 small: 12 layers of width 768, 50257 tokens. */
    @Param("768")
    int hidden;

    @Param("12")
    int layers;

    /** Native threads of the call; unit: threads */
    @Param("1")
    int nativeThreads;

    private Path folder;
    private DecoderSession session;
    private DecodeState state;
    private int[] ids;
    private float[] logits;

    /** The rate beside the steps per second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Rates {
        public double tokens;

        @Setup(Level.Iteration)
        public void reset() {
            tokens = 0;
        }
    }

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Files.createTempDirectory("textloom-bench-gpt2");
        RandomDecoder.write(folder, hidden, layers);
        session = DecoderSession.open(RandomDecoder.spec(hidden, layers), Weights.open(folder), nativeThreads);
        state = session.newState(slots, MAX_CONTEXT + 1);
        ids = new Random(4).ints(slots, 0, state.vocabularySize()).toArray();
        logits = new float[state.vocabularySize()];
    }

    /** Starts all slots again when their context is full; not timed. */
    @Setup(Level.Invocation)
    public void prefill() {
        if (state.length(0) > 0 && state.length(0) < MAX_CONTEXT) {
            return;
        }
        int[] prompt =
                new Random(5).ints(PROMPT_TOKENS, 0, state.vocabularySize()).toArray();
        for (int slot = 0; slot < slots; slot++) {
            state.release(slot);
            state.prefill(slot, prompt, prompt.length);
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        state.close();
        session.close();
        Files.delete(folder.resolve("model.safetensors"));
        Files.delete(folder);
    }

    @Benchmark
    public float[] decode(Rates rates) {
        state.decode(ids);
        for (int slot = 0; slot < slots; slot++) {
            state.logits(slot, logits);
        }
        rates.tokens += slots;
        return logits;
    }
}
