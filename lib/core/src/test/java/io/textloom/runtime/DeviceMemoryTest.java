package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.textloom.tensor.DataType;
import io.textloom.text.RejectCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceMemoryTest {
    private static final OrtException FULL = new OrtException(
            OrtErrorCode.ORT_FAIL,
            "Non-zero status code returned while running FusedMatMul node. Name:'f' Status Message:"
                    + " BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 939524096");

    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Failed to allocate memory for requested buffer of size 939524096",
                "Available memory of 1024 is smaller than requested bytes of 4096",
                "CUDA failure 2: out of memory ; GPU=0",
                "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED",
                "std::bad_alloc"
            })
    void messagesOfAFullDeviceAreKnown(String message) {
        assertThat(OutOfDeviceMemory.caused(new OrtException(OrtErrorCode.ORT_FAIL, message)))
                .isTrue();
    }

    @Test
    void otherFailuresAreNot() throws OrtException {
        OrtException other = new OrtException(OrtErrorCode.ORT_INVALID_ARGUMENT, "Got invalid dimensions for input: x");
        assertThat(OutOfDeviceMemory.caused(other)).isFalse();
        AtomicInteger calls = new AtomicInteger();
        try (NativeSession session = open((s, in, out) -> {
                    calls.incrementAndGet();
                    throw other;
                });
                Tensors tensors = new Tensors(1)) {
            assertThatThrownBy(() -> session.run(tensors.inputs, tensors.outputs))
                    .isSameAs(other);
        }
        assertThat(calls).hasValue(1);
    }

    /** More than any machine has: what ONNX Runtime says itself. */
    @Test
    void aBatchThatIsTooLargeIsOutOfMemory() throws OrtException {
        try (NativeSession session = NativeSession.open(expand(), Optional.empty(), 1);
                Tensors tensors = new Tensors(1L << 50)) {
            assertThatThrownBy(() -> session.run(tensors.inputs, tensors.outputs))
                    .isInstanceOf(OutOfDeviceMemory.class)
                    .hasMessageStartingWith("cpu has not enough memory")
                    .hasCauseInstanceOf(OrtException.class);
        }
        try (NativeSession session = NativeSession.open(expand(), Optional.empty(), 1);
                Tensors tensors = new Tensors(3)) {
            session.run(tensors.inputs, tensors.outputs);
            assertThat(tensors.result.get(0)).isEqualTo(6);
        }
    }

    @Test
    void aCallThatFailsBesideAnotherIsMadeOnceMoreAlone() throws Exception {
        CountDownLatch bothRun = new CountDownLatch(2);
        CountDownLatch oneFailed = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        NativeSession.Call roomForOne = (session, inputs, outputs) -> {
            boolean second = running.incrementAndGet() == 2;
            try {
                if (calls.incrementAndGet() <= 2) {
                    await(bothRun);
                    if (second) {
                        oneFailed.countDown();
                        throw FULL;
                    }
                    await(oneFailed);
                } else {
                    assertThat(running).as("calls beside the repeated one").hasValue(1);
                }
                session.run(inputs, outputs).close();
            } finally {
                running.decrementAndGet();
            }
        };
        try (NativeSession session = open(roomForOne)) {
            Future<Float> a = threads.submit(() -> run(session));
            Future<Float> b = threads.submit(() -> run(session));
            assertThat(a.get()).isEqualTo(6);
            assertThat(b.get()).isEqualTo(6);
        }
        assertThat(calls).hasValue(3);
    }

    @Test
    void aCallThatFailsAloneIsOutOfMemoryOnItsDevice() throws OrtException {
        AtomicInteger calls = new AtomicInteger();
        NativeSession.Call full = (session, inputs, outputs) -> {
            calls.incrementAndGet();
            throw FULL;
        };
        try (NativeSession session = NativeSession.open(expand(), Optional.empty(), Device.cudaOnCpu(1), 1, full);
                Tensors tensors = new Tensors(3)) {
            assertThatThrownBy(() -> session.run(tensors.inputs, tensors.outputs))
                    .isInstanceOf(OutOfDeviceMemory.class)
                    .isInstanceOfSatisfying(
                            InferenceException.class,
                            e -> assertThat(e.rejectCode()).isEqualTo(RejectCode.OUT_OF_MEMORY))
                    .hasMessageStartingWith("gpu 1")
                    .hasMessageContaining("939524096");
        }
        assertThat(calls).hasValue(2);
    }

    private static NativeSession open(NativeSession.Call call) {
        return NativeSession.open(expand(), Optional.empty(), Device.CPU, 1, call);
    }

    private static float run(NativeSession session) throws OrtException {
        try (Tensors tensors = new Tensors(3)) {
            session.run(tensors.inputs, tensors.outputs);
            return tensors.result.get(0);
        }
    }

    private static void await(CountDownLatch latch) {
        latch.countDown();
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A graph that sums {@code count} copies of the number 2. */
    private static byte[] expand() {
        GraphBuilder g = new GraphBuilder();
        g.input("count", DataType.INT64, 1);
        String copies = g.op("Expand", List.of(g.constant("two", new float[] {2}, 1), "count"));
        g.nodeInto("", "ReduceSum", List.of(copies), List.of("sum"));
        g.output("sum", DataType.FLOAT32, 1);
        return g.toModel();
    }

    private static final class Tensors implements AutoCloseable {
        final FloatBuffer result = direct(4).asFloatBuffer();
        final Map<String, OnnxTensor> inputs;
        final Map<String, OnnxTensor> outputs;

        Tensors(long count) throws OrtException {
            LongBuffer counts = direct(8).asLongBuffer().put(0, count);
            inputs = Map.of("count", OnnxTensor.createTensor(OrtRuntime.environment(), counts, new long[] {1}));
            outputs = Map.of("sum", OnnxTensor.createTensor(OrtRuntime.environment(), result, new long[] {1}));
        }

        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }

        private static ByteBuffer direct(int bytes) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
    }
}
