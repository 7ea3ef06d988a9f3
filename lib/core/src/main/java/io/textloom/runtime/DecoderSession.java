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
    private final NativeSession session;
    private final DecoderShape shape;
    private final KvMemory kvMemory;

    private DecoderSession(NativeSession session, DecoderShape shape, KvMemory kvMemory) {
        this.session = session;
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
        DecoderGraph.Model model = DecoderGraph.build(spec, weights, precision);
        NativeSession session = NativeSession.open(model.graph(), Optional.of(model.weights()), device, threads);
        return over(session, shape(spec, precision), DeviceKv::open);
    }

    /** @param onDevice opens the memory for keys and values where the device is not the CPU */
    static DecoderSession over(NativeSession session, DecoderShape shape, DeviceKv.Opener onDevice) {
        try {
            boolean cpu = session.device().kind() == Device.Kind.CPU;
            KvMemory memory = cpu ? new HostKv(shape) : DeviceKv.orHost(session, shape, onDevice);
            return new DecoderSession(session, shape, memory);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    static DecoderShape shape(DecoderSpec spec, Precision precision) {
        return new DecoderShape(
                spec.layers(),
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

    /** Runs the graph; every output is written into a tensor of the caller. */
    void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs) {
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
    }
}
