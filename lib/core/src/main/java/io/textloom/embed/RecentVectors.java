package io.textloom.embed;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The vectors of the windows that one caller used last, as many as fit. */
final class RecentVectors {
    /** unit: bytes */
    static final long MAX_BYTES = 32L << 20;

    /** Of a map's entry, its key and two arrays' headers, about; unit: bytes */
    private static final int OVERHEAD = 120;

    private final long maxBytes;
    private final Map<WindowKey, float[]> vectors = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param maxBytes 0 to keep none */
    RecentVectors(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    float @Nullable [] find(WindowKey key) {
        return vectors.get(key);
    }

    void put(WindowKey key, float[] vector) {
        if (maxBytes == 0 || vectors.put(key, vector) != null) {
            return;
        }
        bytes += size(key, vector);
        Iterator<Map.Entry<WindowKey, float[]>> oldest = vectors.entrySet().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            Map.Entry<WindowKey, float[]> entry = oldest.next();
            bytes -= size(entry.getKey(), entry.getValue());
            oldest.remove();
        }
    }

    private static long size(WindowKey key, float[] vector) {
        return OVERHEAD + 4L * (key.ids().length + vector.length);
    }
}
