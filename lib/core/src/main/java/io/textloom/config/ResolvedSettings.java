package io.textloom.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every setting of one job with its value and origin.
 *
 * @param values by key
 */
public record ResolvedSettings(Job job, SortedMap<String, ResolvedValue> values) {
    public ResolvedSettings {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** @throws IllegalStateException if the job has no such setting */
    public ResolvedValue get(String key) {
        ResolvedValue value = values.get(key);
        if (value == null) {
            throw new IllegalStateException(job.title() + " has no setting " + key);
        }
        return value;
    }

    public Origin origin(String key) {
        return get(key).origin();
    }

    public String text(String key) {
        return (String) get(key).value();
    }

    public int integer(String key) {
        return (Integer) get(key).value();
    }

    public long longInteger(String key) {
        return (Long) get(key).value();
    }

    public double number(String key) {
        return (Double) get(key).value();
    }

    public boolean flag(String key) {
        return (Boolean) get(key).value();
    }

    public List<String> list(String key) {
        return ((List<?>) get(key).value()).stream().map(String::valueOf).toList();
    }

    /** The constant that an {@link ValueType#ENUM} setting names. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return Enum.valueOf(type, text(key).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Key → value as text, lists as JSON, for the manifest. */
    public SortedMap<String, String> asMap() {
        TreeMap<String, String> texts = new TreeMap<>();
        values.forEach((key, resolved) -> texts.put(key, text(resolved.value())));
        return Collections.unmodifiableSortedMap(texts);
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? ConfigValueFactory.fromIterable(list).render(ConfigRenderOptions.concise())
                : String.valueOf(value);
    }
}
