package io.textloom.train.elmo;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was counted while the corpus was encoded, by name. Immutable; comes back from executors. */
@DefaultSerializer(JavaSerializer.class)
final class Tally implements Serializable {
    static final String ROWS_IN = "rowsIn";
    static final String TEXT_BYTES = "textBytes";
    static final String TOO_SHORT = "documentsTooShort";
    static final String DOCUMENTS = "documents";
    static final String TOKENS = "corpusTokens";
    static final String HELD_DOCUMENTS = "heldOutDocuments";
    static final String HELD_TOKENS = "heldOutTokens";
    static final String REJECTED = "rejected:";

    private static final long serialVersionUID = 1;

    private final TreeMap<String, Long> numbers;

    Tally(SortedMap<String, Long> numbers) {
        this.numbers = new TreeMap<>(numbers);
    }

    Tally plus(Tally other) {
        TreeMap<String, Long> sum = new TreeMap<>(numbers);
        other.numbers.forEach((name, number) -> sum.merge(name, number, Long::sum));
        return new Tally(sum);
    }

    long get(String name) {
        return numbers.getOrDefault(name, 0L);
    }

    SortedMap<String, Long> all() {
        return new TreeMap<>(numbers);
    }

    /** Without what was rejected. */
    SortedMap<String, Long> counts() {
        SortedMap<String, Long> counts = new TreeMap<>(numbers);
        counts.keySet().removeIf(name -> name.startsWith(REJECTED));
        return counts;
    }

    /** Code → rows. */
    SortedMap<String, Long> rejected() {
        SortedMap<String, Long> rejected = new TreeMap<>();
        numbers.forEach((name, number) -> {
            if (name.startsWith(REJECTED)) {
                rejected.put(name.substring(REJECTED.length()), number);
            }
        });
        return rejected;
    }
}
