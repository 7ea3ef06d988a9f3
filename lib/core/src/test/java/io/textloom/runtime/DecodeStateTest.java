package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodeStateTest {
    private static final RandomGpt2 MODEL = RandomGpt2.small();

    @TempDir
    Path folder;

    /** What the states under test are of. */
    DecoderSession open(RandomGpt2 model) throws IOException {
        return model.open(folder);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 33, 63, 64, 65, 100, 128, 130, 160})
    void prefillMatchesTheReference(int length) throws Exception {
        try (DecoderSession session = open(MODEL);
                DecodeState state = session.newState(2, 64)) {
            int[] ids = ids(length, length);
            state.prefill(1, ids, length);
            assertClose(logits(state, 1), new ReferenceGpt2(MODEL).logits(ids));
        }
    }

    /** Rows that begin with the same blocks follow one another in the slots, which other rows, decode calls and growth write to in between. */
    @Test
    void whatASlotStillHoldsGivesTheSameBitsAsACopy() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        int[][] prompts = {ids(21, 160), ids(22, 160)};
        try (DecoderSession session = open(MODEL);
                DecodeState state = session.newState(3, 64);
                DecodeState source = session.newState(1, 160);
                DecodeState fresh = session.newState(3, 160)) {
            KvBlock[][] blocks = new KvBlock[2][2];
            for (int p = 0; p < 2; p++) {
                source.begin(0);
                for (int i = 0; i < 2; i++) {
                    source.extend(0, prompts[p], i * DecodeState.BLOCK, (i + 1) * DecodeState.BLOCK);
                    blocks[p][i] = source.save(0);
                }
            }
            for (int round = 0; round < 60; round++) {
                int slot = random.nextInt(3);
                int p = random.nextInt(2);
                int restored = random.nextInt(3);
                int count = restored * DecodeState.BLOCK + random.nextInt(30);
                start(state, slot, prompts[p], blocks[p], restored, count);
                start(fresh, slot, prompts[p], blocks[p], 0, count);
                if (random.nextInt(3) == 0) {
                    state.release((slot + 1) % 3);
                }
                int[] next = {1, 2, 3};
                next[slot] = prompts[p][count];
                state.decode(next);
                fresh.decode(next);
                assertThat(logits(state, slot)).isEqualTo(logits(fresh, slot));
                fresh.release(slot);
                if (random.nextBoolean()) {
                    state.copy(slot, (slot + 2) % 3);
                }
            }
            for (KvBlock[] ofPrompt : blocks) {
                for (KvBlock block : ofPrompt) {
                    block.close();
                }
            }
        }
    }

    private static void start(DecodeState state, int slot, int[] ids, KvBlock[] blocks, int restored, int count) {
        state.begin(slot);
        for (int i = 0; i < restored; i++) {
            state.restore(slot, blocks[i]);
        }
        state.extend(slot, ids, restored * DecodeState.BLOCK, count);
    }

    @Test
    void headSize64AndAnUntiedHeadMatchTheReference() throws Exception {
        RandomGpt2 model = new RandomGpt2(128, 3, 2, 96, 300, false, "", 11);
        try (DecoderSession session = open(model);
                DecodeState state = session.newState(3, 16)) {
            int[] ids = ids(5, 70);
            state.prefill(0, ids, 70);
            assertClose(logits(state, 0), new ReferenceGpt2(model).logits(ids));
        }
    }

    @Test
    void decodeMatchesComputingTheWholeSequenceAgain() throws Exception {
        ReferenceGpt2 reference = new ReferenceGpt2(MODEL);
        int[] lengths = {3, 0, 61, 17};
        int[][] ids = new int[4][];
        try (DecoderSession session = open(MODEL);
                DecodeState state = session.newState(4, 64)) {
            for (int slot = 0; slot < 4; slot++) {
                ids[slot] = ids(slot, 160);
                if (lengths[slot] > 0) {
                    state.prefill(slot, ids[slot], lengths[slot]);
                }
            }
            for (int step = 0; step < 10; step++) {
                int[] next = new int[4];
                for (int slot = 0; slot < 4; slot++) {
                    next[slot] = ids[slot][lengths[slot] + step];
                }
                state.decode(next);
                for (int slot : new int[] {0, 2, 3}) {
                    int[] all = Arrays.copyOf(ids[slot], lengths[slot] + step + 1);
                    assertThat(state.length(slot)).isEqualTo(all.length);
                    assertClose(logits(state, slot), reference.logits(all));
                }
            }
            assertThat(state.length(1)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 20, 64, 70, 129})
    void logitsDoNotDependOnSlotMatesOrHistory(int length) throws Exception {
        int[] ids = ids(99, 160);
        int steps = 12;
        try (DecoderSession session = open(MODEL)) {
            float[][] alone = trace(session, 8, 0, ids, length, steps, 0);
            assertBitwise(trace(session, 8, 5, ids, length, steps, 0), alone);
            assertBitwise(trace(session, 8, 5, ids, length, steps, 1), alone);
            assertBitwise(trace(session, 8, 0, ids, length, steps, 2), alone);
            assertBitwise(trace(session, 8, 7, ids, length, steps, 3), alone);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 13, 16, 32})
    void logitsDoNotDependOnTheNumberOfSlots(int slots) throws Exception {
        int[] ids = ids(99, 160);
        try (DecoderSession session = open(MODEL)) {
            assertBitwise(trace(session, slots, slots - 1, ids, 40, 12, 4), trace(session, 8, 0, ids, 40, 12, 0));
        }
    }

    @Test
    void growingTheCacheChangesNoLogits() throws Exception {
        int[] ids = ids(3, 160);
        float[][][] traces = new float[2][][];
        try (DecoderSession session = open(MODEL)) {
            for (int i = 0; i < 2; i++) {
                try (DecodeState state = session.newState(3, i == 0 ? 160 : 1)) {
                    state.prefill(1, ids, 60);
                    state.prefill(0, ids(4, 60), i == 0 ? 60 : 2);
                    traces[i] = decode(state, 1, ids, 60, 90);
                }
            }
        }
        assertBitwise(traces[1], traces[0]);
    }

    @Test
    void logProbabilitiesAreThoseOfTheLogits() throws Exception {
        try (DecoderSession session = open(MODEL);
                DecodeState state = session.newState(2, 64)) {
            state.prefill(1, ids(1, 20), 20);
            float[] logits = logits(state, 1);
            double sum = 0;
            for (float l : logits) {
                sum += Math.exp(l);
            }
            for (int token = 0; token < logits.length; token++) {
                assertThat((double) state.logProbability(1, token))
                        .isCloseTo(logits[token] - Math.log(sum), org.assertj.core.data.Offset.offset(2e-5));
            }
        }
    }

    @Test
    void aFullSlotAndAClosedSessionAreRefused() throws Exception {
        DecoderSession session = open(MODEL);
        try (DecodeState state = session.newState(1, 8)) {
            assertThatThrownBy(() -> state.prefill(0, new int[161], 161)).hasMessageContaining("161 tokens");
            state.prefill(0, ids(1, 160), 160);
            assertThatThrownBy(() -> state.decode(new int[1])).hasMessageContaining("full");
            state.release(0);
            session.close();
            session.close();
            assertThatThrownBy(() -> state.prefill(0, new int[1], 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Logits of one row after prefill and after each step; {@code history} chooses what the other slots and the slot's past hold. */
    private static float[][] trace(
            DecoderSession session, int slots, int slot, int[] ids, int length, int steps, int history) {
        try (DecodeState state = session.newState(slots, history == 3 ? 1 : 100)) {
            if (history >= 2) {
                state.prefill(slot, ids(1000 + history, 150), 150);
                state.decode(new int[slots]);
                state.release(slot);
            }
            for (int other = 0; other < slots; other++) {
                if (history > 0 && other != slot && (other + history) % 3 != 0) {
                    int mates = 1 + (other * 37 + history * 11) % 140;
                    state.prefill(other, ids(other + 10 * history, mates), mates);
                }
            }
            state.prefill(slot, ids, length);
            return decode(state, slot, ids, length, steps);
        }
    }

    static float[][] decode(DecodeState state, int slot, int[] ids, int length, int steps) {
        float[][] trace = new float[steps + 1][];
        trace[0] = logits(state, slot);
        int[] next = new int[state.slots()];
        for (int step = 0; step < steps; step++) {
            Arrays.fill(next, step);
            next[slot] = ids[length + step];
            state.decode(next);
            trace[step + 1] = logits(state, slot);
        }
        return trace;
    }

    static float[] logits(DecodeState state, int slot) {
        float[] out = new float[state.vocabularySize()];
        state.logits(slot, out);
        return out;
    }

    static int[] ids(int seed, int n) {
        return new SplittableRandom(seed).ints(n, 0, 256).toArray();
    }

    private static void assertClose(float[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-4));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        assertThat(largest).isGreaterThan(0.5);
    }

    static void assertBitwise(float[][] found, float[][] expected) {
        assertThat(found.length).isEqualTo(expected.length);
        for (int i = 0; i < found.length; i++) {
            for (int j = 0; j < found[i].length; j++) {
                assertThat(Float.floatToRawIntBits(found[i][j]))
                        .as("logit %d of call %d: %s, expected %s", j, i, found[i][j], expected[i][j])
                        .isEqualTo(Float.floatToRawIntBits(expected[i][j]));
            }
        }
    }
}
