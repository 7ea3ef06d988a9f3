package io.textloom.spark.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TaskSizeTest {
    private static final long MIB = 1 << 20;

    @Test
    void everyCoreHasATask() {
        assertThat(TaskSize.SMALL.tasks(1, 8)).isEqualTo(8);
        assertThat(TaskSize.SMALL.tasks(40 * MIB, 8)).isEqualTo(16);
        assertThat(TaskSize.SMALL.tasks(4001 * MIB, 8)).isEqualTo(1001);
        assertThat(new TaskSize(4 * MIB, false).tasks(40 * MIB, 8)).isEqualTo(11);
    }

    @Test
    void everyCoreHasSeveralTasksIfTheyAreNotTooSmall() {
        assertThat(TaskSize.SEVERAL_PER_CORE.tasks(1, 8)).isEqualTo(8);
        assertThat(TaskSize.SEVERAL_PER_CORE.tasks(6 * MIB, 8)).isEqualTo(16);
        assertThat(TaskSize.SEVERAL_PER_CORE.tasks(16 * MIB, 8)).isEqualTo(32);
        assertThat(TaskSize.SEVERAL_PER_CORE.tasks(100 * MIB, 8)).isEqualTo(32);
        assertThat(TaskSize.SEVERAL_PER_CORE.tasks(200 * MIB, 8)).isEqualTo(56);
        assertThat(TaskSize.SEVERAL_PER_CORE.tasks(4001 * MIB, 8)).isEqualTo(1001);
    }

    @Test
    void sizesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new TaskSize(0, true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TaskSize(5, true, 6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 6 bytes");
    }

    @Test
    void sizesOfTextsAddUpByClass() {
        TextSizes sizes = new TextSizes();
        for (int bytes : new int[] {0, 1, 1023, 1024, 2047, Integer.MAX_VALUE}) {
            sizes.add(bytes);
        }
        assertThat(sizes.bytesFrom(1024)).isEqualTo(1024 + 2047 + (long) Integer.MAX_VALUE);
        assertThat(sizes.bytesFrom(2048)).isEqualTo(Integer.MAX_VALUE);
        TextSizes sum = sizes.copy();
        sum.merge(sizes);
        assertThat(sum.bytes()).isEqualTo(2 * sizes.bytes());
        sum.reset();
        assertThat(sum.isZero()).isTrue();
        assertThatThrownBy(() -> sizes.bytesFrom(1000)).isInstanceOf(IllegalArgumentException.class);
    }
}
