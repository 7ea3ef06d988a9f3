package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelFolder;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A decoder that says how likely given tokens are in given places of whole texts. Safe for concurrent use; {@link #close} waits for running calls.
 *
 * <p>Logits stay in native memory, and one call holds {@value #MAX_LOGITS} of them at most, and as many log-probabilities, whatever the size of the
 * batch and of the vocabulary.
 */
public final class LikelihoodSession implements AutoCloseable {
    /** Logits computed at a time; unit: floats */
    private static final int MAX_LOGITS = 1 << 23;

    /** States of one call of the head, at most. */
    private static final int MAX_STATES = 1024;

    /** Questions of one call of the head. */
    private static final int MAX_QUESTIONS = 4096;

    private static final float[] NO_ROWS = new float[0];

    private final EncoderSession trunk;
    private final NativeSession head;
    private final int statesPerCall;
    private final ConcurrentLinkedQueue<HeadCall> calls = new ConcurrentLinkedQueue<>();

    private LikelihoodSession(EncoderSession trunk, NativeSession head) {
        this.trunk = trunk;
        this.head = head;
        this.statesPerCall =
                Math.min(MAX_STATES, Math.max(1, MAX_LOGITS / trunk.spec().vocabulary()));
    }

    /**
     * @param threads native threads of one call; 1 where several tasks call at the same time
     * @throws io.textloom.model.ModelException if the folder is no decoder with a head, or its weights do not fit its config.json
     */
    public static LikelihoodSession open(ModelFolder folder, Precision precision, Device device, int threads) {
        TensorInfo weight = OutputHead.of(folder);
        Weights weights = folder.weights().orElseThrow();
        EncoderSpec spec = folder.encoderSpec();
        EncoderGraph graph = LikelihoodGraphs.trunk(folder, weights, precision, device);
        EncoderSession trunk = EncoderSession.open(spec, graph, device, threads);
        try {
            byte[] head = LikelihoodGraphs.head(weight, spec.hidden(), precision);
            return new LikelihoodSession(trunk, NativeSession.open(head, graph.weightsFolder(), device, threads));
        } catch (RuntimeException | Error e) {
            trunk.close();
            throw e;
        }
    }

    public EncoderSpec spec() {
        return trunk.spec();
    }

    /** Floating point operations of a text of {@code tokens} of which {@code places} are asked about. */
    public double flops(int tokens, int places) {
        return spec().flops(tokens) + 2.0 * places * spec().hidden() * spec().vocabulary();
    }

    /**
     * How likely tokens are to come after places; a place may be asked about several tokens, and is computed once.
     *
     * @param places of each question the place, in the batch's ids, that the token would come after
     * @param targets of each question the token
     * @param logprobs float[questions], overwritten: natural logarithms of the probabilities
     * @param margins float[questions], overwritten: these less the one of the likeliest token; 0 for that one
     * @throws IllegalArgumentException if a row is empty, too long, or has an id outside the vocabulary
     * @throws InferenceException if ONNX Runtime fails
     */
    public void run(TokenBatch batch, int[] places, int[] targets, float[] logprobs, float[] margins) {
        int n = places.length;
        if (n == 0 || targets.length != n || logprobs.length < n || margins.length < n) {
            throw new IllegalArgumentException(n + " places, " + targets.length + " targets and room for "
                    + Math.min(logprobs.length, margins.length) + " answers; expected as many of each, at least 1");
        }
        for (int target : targets) {
            if (target < 0 || target >= spec().vocabulary()) {
                throw new IllegalArgumentException("Token id " + target + " is outside the model's vocabulary of "
                        + spec().vocabulary() + "; tokenizer.json and the weights belong to different models");
            }
        }
        long[] questions = new long[n];
        for (int i = 0; i < n; i++) {
            questions[i] = (long) places[i] << 32 | i;
        }
        Arrays.sort(questions);
        int[] wanted = new int[n];
        int[] stateOf = new int[n];
        int states = 0;
        for (int i = 0; i < n; i++) {
            int place = (int) (questions[i] >>> 32);
            if (states == 0 || wanted[states - 1] != place) {
                wanted[states++] = place;
            }
            stateOf[i] = states - 1;
        }
        float[] vectors = new float[states * spec().hidden()];
        trunk.run(batch, Arrays.copyOf(wanted, states), NO_ROWS, vectors);
        HeadCall call = calls.poll();
        if (call == null) {
            call = new HeadCall();
        }
        try {
            for (int from = 0; from < n; ) {
                int first = stateOf[from];
                int to = from;
                while (to < Math.min(n, from + MAX_QUESTIONS) && stateOf[to] < first + statesPerCall) {
                    to++;
                }
                call.run(vectors, first, stateOf[to - 1] + 1, questions, stateOf, targets, from, to);
                for (int i = from; i < to; i++) {
                    int question = (int) questions[i];
                    logprobs[question] = call.logprobs.get(i - from);
                    margins[question] = call.margins.get(i - from);
                }
                from = to;
            }
            calls.add(call);
        } catch (OrtException e) {
            throw new InferenceException(
                    "ONNX Runtime failed on the output head, asked about " + n + " tokens: " + e.getMessage(), e);
        }
    }

    /** Buffers of one caller of the head at a time, in native memory. */
    private final class HeadCall {
        private final FloatBuffer states;
        private final LongBuffer targets;
        final FloatBuffer logprobs;
        final FloatBuffer margins;

        HeadCall() {
            states = direct(4, (long) statesPerCall * spec().hidden()).asFloatBuffer();
            targets = direct(8, 2L * MAX_QUESTIONS).asLongBuffer();
            logprobs = direct(4, MAX_QUESTIONS).asFloatBuffer();
            margins = direct(4, MAX_QUESTIONS).asFloatBuffer();
        }

        /** States {@code [first, last)}, questions {@code [from, to)}. */
        void run(float[] vectors, int first, int last, long[] questions, int[] stateOf, int[] ids, int from, int to)
                throws OrtException {
            int hidden = spec().hidden();
            states.put(0, vectors, first * hidden, (last - first) * hidden);
            for (int i = from; i < to; i++) {
                targets.put(2 * (i - from), stateOf[i] - first);
                targets.put(2 * (i - from) + 1, ids[(int) questions[i]]);
            }
            long n = to - from;
            Map<String, OnnxTensor> inputs = new HashMap<>();
            Map<String, OnnxTensor> outputs = new HashMap<>();
            try {
                inputs.put(
                        LikelihoodGraphs.STATES,
                        OnnxTensor.createTensor(
                                OrtRuntime.environment(),
                                states.slice(0, (last - first) * hidden),
                                new long[] {last - first, hidden}));
                inputs.put(
                        LikelihoodGraphs.TARGETS,
                        OnnxTensor.createTensor(
                                OrtRuntime.environment(), targets.slice(0, 2 * (to - from)), new long[] {n, 2}));
                outputs.put(LikelihoodGraphs.LOGPROBS, floats(logprobs, n));
                outputs.put(LikelihoodGraphs.MARGINS, floats(margins, n));
                head.run(inputs, outputs);
            } finally {
                inputs.values().forEach(OnnxTensor::close);
                outputs.values().forEach(OnnxTensor::close);
            }
        }

        private OnnxTensor floats(FloatBuffer values, long n) throws OrtException {
            return OnnxTensor.createTensor(OrtRuntime.environment(), values.slice(0, (int) n), new long[] {n});
        }

        private static ByteBuffer direct(int elementBytes, long elements) {
            return ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(elementBytes, elements)))
                    .order(ByteOrder.nativeOrder());
        }
    }

    @Override
    public void close() {
        try (trunk) {
            head.close();
        }
    }
}
