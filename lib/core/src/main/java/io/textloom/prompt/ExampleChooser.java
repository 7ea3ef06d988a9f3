package io.textloom.prompt;

import io.textloom.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Chooses examples for a row. For one caller at a time. */
public interface ExampleChooser {
    /**
     * @param text of the row, by which nearness goes
     * @param allowed examples that may be chosen; those equal to the row may not
     * @return places in the table, in the order in which prompts show them; fewer than wanted where there are not as many
     */
    List<Integer> choose(String id, String text, int count, IntPredicate allowed);

    /** The first of the table. */
    static ExampleChooser fixed(int size) {
        return (id, text, count, allowed) -> {
            List<Integer> chosen = new ArrayList<>(count);
            for (int i = 0; i < size && chosen.size() < count; i++) {
                if (allowed.test(i)) {
                    chosen.add(i);
                }
            }
            return chosen;
        };
    }

    /** Drawn without putting back, by the seed and the row's id alone. */
    static ExampleChooser random(int size, long seed) {
        return (id, text, count, allowed) -> {
            long stream = CounterRandom.derive(seed, id, STREAM);
            // Fisher and Yates' shuffle as far as it is needed; places that were moved are remembered
            Map<Integer, Integer> moved = new HashMap<>();
            List<Integer> chosen = new ArrayList<>(count);
            for (int i = 0; i < size && chosen.size() < count; i++) {
                int j = i + (int) (CounterRandom.uniform(stream, i) * (size - i));
                int drawn = moved.getOrDefault(j, j);
                moved.put(j, moved.getOrDefault(i, i));
                if (allowed.test(drawn)) {
                    chosen.add(drawn);
                }
            }
            return chosen;
        };
    }

    /** Apart from the numbers of samples, so that examples and tokens are drawn independently. */
    int STREAM = -1;
}
