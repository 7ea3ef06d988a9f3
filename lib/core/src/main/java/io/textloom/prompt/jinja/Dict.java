package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's dict: in the order of insertion, and {@code 1}, {@code 1.0} and {@code True} are one key. */
final class Dict {
    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        final Object key;
        Object value;

        Entry(Object key, Object value) {
            this.key = key;
            this.value = value;
        }
    }

    Dict() {}

    Dict(Dict other) {
        other.entries.forEach((k, e) -> entries.put(k, new Entry(e.key, e.value)));
    }

    int size() {
        return entries.size();
    }

    @Nullable
    Object get(Object key) {
        Entry entry = entries.get(canonical(key));
        return entry == null ? null : entry.value;
    }

    boolean has(Object key) {
        return entries.containsKey(canonical(key));
    }

    void put(Object key, Object value) {
        Entry entry = entries.putIfAbsent(canonical(key), new Entry(key, value));
        if (entry != null) {
            entry.value = value;
        }
    }

    List<Object> keys() {
        List<Object> keys = new ArrayList<>(entries.size());
        entries.values().forEach(e -> keys.add(e.key));
        return keys;
    }

    List<Object> values() {
        List<Object> values = new ArrayList<>(entries.size());
        entries.values().forEach(e -> values.add(e.value));
        return values;
    }

    /** Tuples of a key and its value. */
    List<Object> items() {
        List<Object> items = new ArrayList<>(entries.size());
        entries.values().forEach(e -> items.add(Tuple.of(e.key, e.value)));
        return items;
    }

    private static Object canonical(Object key) {
        if (key instanceof Boolean b) {
            return b ? 1L : 0L;
        }
        if (key instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1L << 53) {
            return (long) (double) d;
        }
        if (key instanceof Dict || key instanceof List && !(key instanceof Tuple)) {
            throw new Fault("unhashable type: '" + Values.type(key) + "'");
        }
        return key;
    }
}
