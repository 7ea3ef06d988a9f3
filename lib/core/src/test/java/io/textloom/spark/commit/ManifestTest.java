package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final Manifest.Model MODELS = new Manifest.Model(
            "small, large",
            "file:/a/small, file:/a/large",
            "0".repeat(64),
            List.of(
                    new Manifest.Model("/a/small", "file:/a/small", "1".repeat(64)),
                    new Manifest.Model("/a/large", "file:/a/large", "2".repeat(64))));

    @Test
    void modelsMayMoveBetweenRuns() {
        for (String key : List.of("model", "tokenize.models", "embed.models")) {
            assertThat(Manifest.resultSettings(new TreeMap<>(Map.of(key, "/b/small,/b/large")), MODELS))
                    .as(key)
                    .isEqualTo(Manifest.resultSettings(new TreeMap<>(Map.of(key, "/a/small,/a/large")), MODELS));
        }
    }
}
