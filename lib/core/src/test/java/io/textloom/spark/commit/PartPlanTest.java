package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.intake.TaskSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartPlanTest {
    private static final TaskSize SIZE = new TaskSize(4 << 20, true);

    @Test
    void noTaskHasMoreThanTwiceTheAverage() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<int[]> tokens = new ArrayList<>();
            for (int partition = 0; partition < 1 + random.nextInt(9); partition++) {
                tokens.add(random.ints(random.nextInt(40), 1, 2 + random.nextInt(16_384))
                        .toArray());
            }
            PartPlan plan = PartPlan.of(tokens, SIZE, 1 + random.nextInt(64));
            long[] loads = loads(plan, tokens);
            assertThat(Arrays.stream(loads).max().orElse(0))
                    .isLessThanOrEqualTo(2 * Arrays.stream(loads).sum() / loads.length);
            assertThat(Arrays.stream(loads).sum())
                    .isEqualTo(tokens.stream().flatMapToInt(Arrays::stream).sum());
        }
    }

    @Test
    void twoMillionTokensGoToAllCores() {
        int[] parts = new int[125];
        Arrays.fill(parts, 16_000);
        PartPlan plan = PartPlan.of(List.of(new int[0], parts), SIZE, 16);
        assertThat(plan.tasks()).isEqualTo(16);
        assertThat(loads(plan, List.of(new int[0], parts))).containsOnly(7 * 16_000L, 8 * 16_000L);
    }

    @Test
    void onePartIsOneTask() {
        assertThat(PartPlan.of(List.of(new int[] {5}), SIZE, 16).tasks()).isEqualTo(1);
    }

    @Test
    void nothingButRejectionsIsOneTaskToo() {
        PartPlan plan = PartPlan.of(List.of(new int[] {0, 0}), SIZE, 16);
        assertThat(plan.tasks()).isEqualTo(1);
        assertThat(plan.isEmpty()).isFalse();
        assertThat(PartPlan.of(List.of(new int[0], new int[0]), SIZE, 16).isEmpty())
                .isTrue();
    }

    @Test
    void keysKeepTheOrderOfTheDocuments() {
        List<int[]> tokens = List.of(new int[] {9, 1, 9}, new int[] {4, 4});
        PartPlan plan = PartPlan.of(tokens, SIZE, 2);
        assertThat(plan.tasks()).isEqualTo(2);
        long[] all = {plan.key(0, 0), plan.key(0, 1), plan.key(0, 2), plan.key(1, 0), plan.key(1, 1)};
        assertThat(Arrays.stream(all).map(key -> key & 0xffff)).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void morePartsThanWerePlannedAreAnError() {
        PartPlan plan = PartPlan.of(List.of(new int[] {9, 1}), SIZE, 2);
        assertThatThrownBy(() -> plan.key(0, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("had 2 parts");
    }

    private static long[] loads(PartPlan plan, List<int[]> tokens) {
        long[] loads = new long[plan.tasks()];
        PartPlan.ToTasks tasks = new PartPlan.ToTasks(plan.tasks());
        for (int partition = 0; partition < tokens.size(); partition++) {
            for (int number = 0; number < tokens.get(partition).length; number++) {
                loads[tasks.getPartition(plan.key(partition, number))] += tokens.get(partition)[number];
            }
        }
        return loads;
    }
}
