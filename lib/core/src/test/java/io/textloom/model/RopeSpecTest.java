package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.textloom.model.RopeSpec.Scaling;
import org.junit.jupiter.api.Test;

class RopeSpecTest {
    @Test
    void pairsTurnSlowerAndSlower() {
        assertThat(RopeSpec.of(10_000).frequencies(8)).containsExactly(1f, 0.1f, 0.01f, 0.001f);
    }

    @Test
    void linearScalingStretchesEveryPair() {
        RopeSpec linear = new RopeSpec(10_000, Scaling.LINEAR, 4, 0, 0, 0);
        assertThat(linear.frequencies(4)).containsExactly(0.25f, 0.0025f);
    }

    @Test
    void llama3KeepsFastPairsStretchesSlowOnesAndBlendsBetween() {
        // turns within 64 tokens: 10.2, 3.2, 1.02, 0.32
        RopeSpec llama3 = new RopeSpec(100, Scaling.LLAMA3, 8, 1, 4, 64);
        float[] plain = RopeSpec.of(100).frequencies(8);
        float[] scaled = llama3.frequencies(8);
        assertThat(scaled[0]).isEqualTo(plain[0]);
        assertThat(scaled[1]).isBetween(plain[1] / 8, plain[1]);
        double kept = (64 * plain[1] / (2 * Math.PI) - 1) / 3;
        assertThat((double) scaled[1]).isCloseTo(plain[1] * (kept + (1 - kept) / 8), within(1e-7));
        assertThat(scaled[3]).isEqualTo(plain[3] / 8);
    }
}
