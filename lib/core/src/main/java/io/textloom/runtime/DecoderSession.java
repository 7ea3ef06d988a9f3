package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.textloom.model.DecoderSpec;
import io.textloom.model.Weights;
import io.textloom.tensor.Precision;
import java.util.Map;
import java.util.Optional;

/**
 * A decoder model in native memory: weights only. What a task decodes is kept in its own {@link DecodeState}.
 *
 * <p>Safe for concurrent use: one session serves all tasks of an executor. {@link #close} waits for running calls; a call after it throws.
 */
public final class DecoderSession implements AutoCloseable {
    /** The layers. */
    private final NativeSession session;
    /** The product with the vocabulary. */
    private final NativeSession output;

    private final DecoderShape shape;
    private final KvMemory kvMemory;

    private DecoderSession(NativeSession session, NativeSession output, DecoderShape shape, KvMemory kvMemory) {
        this.session = session;
        this.output = output;
        this.shape = shape;
        this.kvMemory = kvMemory;
    }

    /** In float32 on the CPU. */
    public static DecoderSession open(DecoderSpec spec, Weights weights, int threads) {
        return open(spec, weights, Precision.FLOAT32, Device.CPU, threads);
    }

    /**
     * @param threads native threads of one call; unit: threads
     * @throws io.textloom.model.ModelException if the weights do not fit the spec
     * @throws IllegalArgumentException if decoders do not run in that precision
     */
    public static DecoderSession open(
            DecoderSpec spec, Weights weights, Precision precision, Device device, int threads) {
        NativeSession layers = open(DecoderGraph.build(spec, weights, precision), device, threads);
        NativeSession output;
        try {
            output = open(OutputGraph.build(spec, weights, precision), device, threads);
        } catch (RuntimeException e) {
            layers.close();
            throw e;
        }
        return over(layers, output, shape(spec, precision), DeviceKv::open);
    }

    static NativeSession open(DecoderGraph.Model model, Device device, int threads) {
        return NativeSession.open(model.graph(), Optional.of(model.weights()), device, threads);
    }

    /** @param onDevice opens the memory for keys and values where the device is not the CPU */
    static DecoderSession over(
            NativeSession session, NativeSession output, DecoderShape shape, DeviceKv.Opener onDevice) {
        try {
            boolean cpu = session.device().kind() == Device.Kind.CPU;
            KvMemory memory = cpu ? new HostKv(shape) : DeviceKv.orHost(session, shape, onDevice);
            return new DecoderSession(session, output, shape, memory);
        } catch (RuntimeException e) {
            session.close();
            output.close();
            throw e;
        }
    }

    static DecoderShape shape(DecoderSpec spec, Precision precision) {
        return new DecoderShape(
                spec.layers(),
                spec.trunk().hidden(),
                spec.kvHeads(),
                spec.headSize(),
                spec.positions(),
                spec.vocabularySize(),
                DecoderGraph.computeType(precision));
    }

    /** Where keys and values of its states lie. */
    KvMemory kvMemory() {
        return kvMemory;
    }

    public DecoderShape shape() {
        return shape;
    }

    /** Where keys and values of its states lie, in words: {@code Cuda memory of gpu 0}. */
    public String kvPlace() {
        return kvMemory.place();
    }

    /** Longest that rows of a state may be, whatever memory there is; a multiple of {@link DecodeState#BLOCK}; unit: tokens */
    public int mostTokens(int slots) {
        return kvMemory.mostTokens(slots) / DecodeState.BLOCK * DecodeState.BLOCK;
    }

    /** {@link #newState(int, int, int)} for rows as long as the model takes. */
    public DecodeState newState(int slots, int expectedLength) {
        return newState(slots, expectedLength, shape.positions());
    }

    /**
     * A decode state of its own.
     *
     * @param slots rows decoded together
     * @param expectedLength room made at first for each row; it grows when a row needs more; unit: tokens
     * @param mostTokens longest row, where that is less than the model takes
     */
    public DecodeState newState(int slots, int expectedLength, int mostTokens) {
        return new DecodeState(this, slots, expectedLength, mostTokens);
    }

    /** Runs the layers; every output is written into a tensor of the caller. */
    void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs) {
        run(session, inputs, pinnedOutputs);
    }

    /** The product with the vocabulary, of what the layers gave. */
    void runOutput(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs) {
        run(output, inputs, pinnedOutputs);
    }

    private static void run(
            NativeSession session, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs) {
        try {
            session.run(inputs, pinnedOutputs);
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime failed in a decoder call: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        kvMemory.close();
        session.close();
        output.close();
    }
}
