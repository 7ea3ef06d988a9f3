package io.textloom.bench.gpu;

import io.textloom.bench.micro.RandomDecoder;
import io.textloom.model.DecoderSpec;
import io.textloom.model.Weights;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.DecoderSession;
import io.textloom.runtime.Device;
import io.textloom.runtime.OutOfDeviceMemory;
import io.textloom.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Greedy decoding of a GPT-2 with made-up weights on one device: tokens beside those of float32 on the CPU, and the time of a step.
 *
 * @param place where keys and values lie
 * @param parity of the tokens
 */
record Decoding(String place, Agreement parity, List<Figure> figures) {
    private static final int PROMPT = 64;
    private static final int PARITY_ROWS = 8;
    private static final int PARITY_STEPS = 64;
    private static final int WARM_STEPS = 8;
    private static final int MOST_STEPS = 192;

    /**
     * Tokens chosen after the same tokens, on the device and by float32 on the CPU.
     *
     * @param equal of them
     * @param regret the most by which the CPU's logit of a token chosen on the device is below the CPU's largest, in standard deviations of the row's logits
     */
    record Agreement(int tokens, int equal, double regret) {
        /** Half precision may choose otherwise where two tokens are about as likely. */
        static final double MOST_REGRET = 0.05;

        boolean holds() {
            return regret <= MOST_REGRET;
        }
    }

    /**
     * One figure.
     *
     * @param steps measured, from a context of {@value #PROMPT} tokens on
     * @param bytes that a step has to read at least: weights, keys and values
     * @param fits whether the device had room
     */
    record Figure(int slots, int steps, double stepMillis, double bytes, boolean fits) {
        double tokensPerSecond() {
            return slots / stepMillis * 1e3;
        }

        /** How long memory of so many GB/s takes for what has to be read; unit: ms */
        double boundMillis(double peak) {
            return bytes / peak / 1e6;
        }
    }

    /** GPT-2 small, or a toy of its vocabulary. */
    static Decoding of(
            Path work, boolean toy, Precision precision, Device device, int threads, int[] slots, double seconds)
            throws IOException {
        int hidden = toy ? 64 : 768;
        int layers = toy ? 2 : 12;
        Path folder = Files.createDirectories(work.resolve("gpt2-" + hidden + "x" + layers));
        Path weights = folder.resolve("model.safetensors");
        if (!Files.exists(weights)) {
            RandomDecoder.writeLively(folder, hidden, layers);
        }
        DecoderSpec spec = RandomDecoder.spec(hidden, layers);
        try (DecoderSession session = DecoderSession.open(spec, Weights.open(folder), precision, device, threads)) {
            Agreement parity;
            int cores = Runtime.getRuntime().availableProcessors();
            try (DecoderSession cpu = DecoderSession.open(spec, Weights.open(folder), cores)) {
                parity = agreement(cpu, session);
            }
            double parameterBytes =
                    Files.size(weights) / 4.0 * session.shape().kvType().bytes();
            List<Figure> figures = new ArrayList<>();
            for (int count : slots) {
                figures.add(measure(session, count, seconds, parameterBytes));
            }
            return new Decoding(session.kvPlace(), parity, figures);
        }
    }

    /** Both are given the tokens that the CPU chooses. */
    static Agreement agreement(DecoderSession cpu, DecoderSession checked) {
        int equal = 0;
        double regret = 0;
        try (DecodeState reference = cpu.newState(PARITY_ROWS, PROMPT + PARITY_STEPS);
                DecodeState state = checked.newState(PARITY_ROWS, PROMPT + PARITY_STEPS)) {
            prefill(reference);
            prefill(state);
            float[] logits = new float[reference.vocabularySize()];
            int[] next = new int[PARITY_ROWS];
            for (int step = 0; step < PARITY_STEPS; step++) {
                for (int slot = 0; slot < PARITY_ROWS; slot++) {
                    next[slot] = reference.likeliest(slot);
                    int chosen = state.likeliest(slot);
                    if (chosen == next[slot]) {
                        equal++;
                    } else {
                        reference.logits(slot, logits);
                        regret = Math.max(regret, (logits[next[slot]] - logits[chosen]) / deviation(logits));
                    }
                }
                reference.decode(next);
                state.decode(next);
            }
        }
        return new Agreement(PARITY_ROWS * PARITY_STEPS, equal, regret);
    }

    private static double deviation(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / values.length;
        return Math.sqrt(squares / values.length - mean * mean);
    }

    private static void prefill(DecodeState state) {
        Random random = new Random(5);
        for (int slot = 0; slot < state.slots(); slot++) {
            int[] prompt = random.ints(PROMPT, 0, state.vocabularySize()).toArray();
            state.prefill(slot, prompt, PROMPT);
        }
    }

    private static Figure measure(DecoderSession session, int slots, double seconds, double parameterBytes) {
        try (DecodeState state = session.newState(slots, PROMPT + WARM_STEPS + MOST_STEPS)) {
            prefill(state);
            int[] next = new int[slots];
            for (int i = 0; i < WARM_STEPS; i++) {
                step(state, next);
            }
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            int steps = 0;
            do {
                step(state, next);
                steps++;
            } while (steps < MOST_STEPS && System.nanoTime() < end);
            double millis = (System.nanoTime() - start) / 1e6 / steps;
            long context = slots * (PROMPT + WARM_STEPS + steps / 2L);
            return new Figure(
                    slots, steps, millis, parameterBytes + session.shape().kvBytes(context), true);
        } catch (OutOfDeviceMemory e) {
            return new Figure(slots, 0, 0, 0, false);
        }
    }

    private static void step(DecodeState state, int[] next) {
        for (int slot = 0; slot < next.length; slot++) {
            next[slot] = state.likeliest(slot);
        }
        state.decode(next);
    }
}
