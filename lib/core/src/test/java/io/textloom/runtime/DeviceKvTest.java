package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Precision;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and values in memory of the session's own allocator: the CPU's here, by the calls that a card is to get. */
class DeviceKvTest {
    private static final RandomGpt2 MODEL = RandomGpt2.small();
    private static final Device CARD = Device.cudaOnCpu(0);

    private final ExecutorService threads = Executors.newFixedThreadPool(3);

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void onlyTheCpuKeepsThemInTheProcess() throws Exception {
        try (DecoderSession cpu = MODEL.open(folder);
                DecoderSession card = MODEL.open(folder, Precision.FLOAT32, CARD)) {
            assertThat(cpu.kvMemory()).isInstanceOf(HostKv.class);
            assertThat(card.kvMemory()).isInstanceOf(DeviceKv.class);
            assertThat(card.kvPlace()).isEqualTo("Cpu memory of gpu 0 (computed by the CPU)");
        }
    }

    @Test
    void everyCallGivesTheBitsOfTheHost() throws Exception {
        try (DecoderSession cpu = MODEL.open(folder);
                DecoderSession card = MODEL.open(folder, Precision.FLOAT32, CARD)) {
            DecodeStateTest.assertBitwise(everyCall(card), everyCall(cpu));
        }
    }

    /** Prefill, saved and restored blocks, copies, decoding, growth, and slots used again. */
    private static float[][] everyCall(DecoderSession session) {
        List<float[]> trace = new ArrayList<>();
        int[] ids = DecodeStateTest.ids(5, 160);
        try (DecodeState state = session.newState(4, 64);
                DecodeState other = session.newState(2, 16)) {
            state.prefill(2, ids, 64);
            trace.add(all(state, 2));
            try (KvBlock block = state.save(2)) {
                state.restore(0, block);
                state.extend(0, ids, 64, 100);
                trace.add(all(state, 0));
                other.restore(1, block);
            }
            other.extend(1, ids, 64, 90);
            trace.add(all(other, 1));
            state.copy(0, 1);
            state.extend(2, ids, 64, 128);
            try (KvBlock second = state.save(2)) {
                state.release(3);
                state.prefill(3, ids, 64);
                state.restore(3, second);
            }
            for (int step = 0; step < 20; step++) {
                state.decode(new int[] {step, step, ids[step], ids[step]});
                for (int slot = 0; slot < 4; slot++) {
                    trace.add(all(state, slot));
                }
            }
            state.prefill(1, ids, 7);
            trace.add(all(state, 1));
            trace.add(all(state, 0));
        }
        return trace.toArray(new float[0][]);
    }

    private static float[] all(DecodeState state, int slot) {
        float[] logits = DecodeStateTest.logits(state, slot);
        float[] all = java.util.Arrays.copyOf(logits, logits.length + 2);
        all[logits.length] = state.likeliest(slot);
        all[logits.length + 1] = state.logProbability(slot, 17);
        return all;
    }

    @Test
    void halfPrecisionKeepsHalfTheBytes() throws Exception {
        try (DecoderSession single = MODEL.open(folder);
                DecoderSession half = MODEL.open(folder, Precision.FLOAT16, CARD);
                DecoderSession onHost = MODEL.open(folder, Precision.FLOAT16, Device.CPU)) {
            assertThat(half.shape().kvType()).isEqualTo(DataType.FLOAT16);
            assertThat(half.shape().kvBytes(64)).isEqualTo(single.shape().kvBytes(64) / 2);
            float[][] expected = everyCall(single);
            float[][] found = everyCall(half);
            DecodeStateTest.assertBitwise(found, everyCall(onHost));
            for (int call = 0; call < expected.length; call++) {
                for (int token = 0; token < MODEL.vocabulary(); token++) {
                    assertThat(found[call][token]).isCloseTo(expected[call][token], within(0.1f));
                }
            }
        }
    }

    @Test
    void whatWasTakenIsGivenBackAfterTheSessionsEnd() throws Exception {
        DecoderSession session = MODEL.open(folder, Precision.FLOAT32, CARD);
        DecodeState state = session.newState(2, 64);
        state.prefill(0, DecodeStateTest.ids(1, 64), 64);
        KvBlock block = state.save(0);
        session.close();
        assertThatThrownBy(() -> state.restore(1, block))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> session.newState(1, 64)).isInstanceOf(IllegalStateException.class);
        state.close();
        block.close();
        block.close();
    }

    @Test
    void aSessionClosesAfterItsRunningCalls() throws Exception {
        DecoderSession session = MODEL.open(folder, Precision.FLOAT32, CARD);
        CountDownLatch running = new CountDownLatch(3);
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int seed = i;
            tasks.add(threads.submit(() -> {
                try (DecodeState state = session.newState(3, 64)) {
                    while (true) {
                        state.prefill(0, DecodeStateTest.ids(seed, 100), 64);
                        try (KvBlock block = state.save(0)) {
                            state.restore(1, block);
                        }
                        state.copy(0, 2);
                        state.decode(new int[] {1, 2, 3});
                        DecodeStateTest.logits(state, 2);
                        state.release(1);
                        running.countDown();
                    }
                }
            }));
        }
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
        session.close();
        for (Future<?> task : tasks) {
            assertThatThrownBy(task::get)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void whereTheDeviceCannotBeUsedTheHostIs() throws Exception {
        List<DeviceKv.Opener> failing = List.of(
                (session, shape) -> {
                    throw new IllegalStateException("another version");
                },
                (session, shape) -> {
                    throw new OrtException(OrtErrorCode.ORT_NOT_IMPLEMENTED, "no allocator");
                },
                (session, shape) -> {
                    throw new UnsatisfiedLinkError("no such function");
                });
        int[] ids = DecodeStateTest.ids(2, 160);
        try (DecoderSession cpu = MODEL.open(folder);
                DecodeState expected = cpu.newState(2, 64)) {
            expected.prefill(1, ids, 80);
            for (DeviceKv.Opener opener : failing) {
                try (DecoderSession session = over(opener);
                        DecodeState state = session.newState(2, 64)) {
                    assertThat(session.kvMemory()).isInstanceOf(HostKv.class);
                    state.prefill(1, ids, 80);
                    assertThat(DecodeStateTest.logits(state, 1)).isEqualTo(DecodeStateTest.logits(expected, 1));
                }
            }
        }
        assertThatThrownBy(() -> over((session, shape) -> {
                    throw new OutOfDeviceMemory("gpu 0 is full", new IllegalStateException());
                }))
                .isInstanceOf(OutOfDeviceMemory.class);
    }

    @Test
    void anotherVersionIsNotTrusted() {
        assertThatThrownBy(() -> OrtApi.of("1.27.0"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ONNX Runtime is 1.27.0; the functions of its C API are known for 1.28.0");
    }

    @Test
    void aMemoryThatDoesNotCopyIsFoundOut() throws Exception {
        try (DecoderSession card = MODEL.open(folder, Precision.FLOAT32, CARD)) {
            DeviceKv memory = (DeviceKv) card.kvMemory();
            RoundTrip.check(memory, memory, card.shape());
            assertThatThrownBy(() -> RoundTrip.check(new LimitedMemory(memory, 1, false), memory, card.shape()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("expected");
            RoundTrip.Transfer losing = new RoundTrip.Transfer() {
                @Override
                public void write(IntBuffer values, KvMemory.Area area) {}

                @Override
                public void read(KvMemory.Area area, IntBuffer values) throws OrtException {
                    memory.read(area, values);
                }
            };
            assertThatThrownBy(() -> RoundTrip.check(memory, losing, card.shape()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("word 1 is 0, expected 1");
        }
    }

    /** More than any machine has. */
    @Test
    void aCacheThatIsTooLargeIsOutOfMemory() throws Exception {
        try (DecoderSession card = MODEL.open(folder, Precision.FLOAT32, CARD)) {
            assertThatThrownBy(() -> card.kvMemory().allocate(1 << 20, 1 << 24, true))
                    .isInstanceOf(OutOfDeviceMemory.class)
                    .hasMessageStartingWith("gpu 0 (computed by the CPU) has not enough memory");
        }
    }

    @Test
    void rowsKeepWhatTheyHoldWhereThereIsNoRoomToGrow() throws Exception {
        int[] ids = DecodeStateTest.ids(9, 160);
        LimitedMemory[] memory = new LimitedMemory[1];
        // the cache at first, and three areas of larger ones: the second layer fails half-way
        try (DecoderSession session =
                        over((s, shape) -> memory[0] = new LimitedMemory(DeviceKv.open(s, shape), 7, true));
                DecodeState state = session.newState(2, 64);
                DecoderSession cpu = MODEL.open(folder);
                DecodeState expected = cpu.newState(2, 160)) {
            for (DecodeState s : List.of(state, expected)) {
                s.prefill(0, ids, 60);
            }
            assertThatThrownBy(() -> state.prefill(1, ids, 100)).isInstanceOf(OutOfDeviceMemory.class);
            state.release(1);
            float[][] kept = DecodeStateTest.decode(state, 0, ids, 60, 4);
            DecodeStateTest.assertBitwise(kept, DecodeStateTest.decode(expected, 0, ids, 60, 4));
            memory[0].leave(100);
            DecodeStateTest.assertBitwise(
                    DecodeStateTest.decode(state, 0, ids, 64, 60), DecodeStateTest.decode(expected, 0, ids, 64, 60));
        }
    }

    private DecoderSession over(DeviceKv.Opener opener) throws Exception {
        MODEL.write(folder);
        return LimitedMemory.session(MODEL.spec(), Weights.open(folder), opener);
    }

    /** Tensors over memory of the allocator hold what Java's own would. */
    @Test
    void aTensorIsOneOfJavas() throws Exception {
        try (DecoderSession card = MODEL.open(folder, Precision.FLOAT32, CARD);
                KvMemory.Area area = card.kvMemory().allocate(3, 5, true);
                OnnxTensor rows = area.rows(1, 2)) {
            assertThat(rows.getInfo().getShape()).containsExactly(2, 2, 5, 32);
            assertThat(rows.getFloatBuffer().remaining()).isEqualTo(2 * 2 * 5 * 32);
        }
    }
}
