package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.model.ModelFolder;
import io.textloom.model.TinyBert;
import io.textloom.tensor.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedModelsTest {
    @TempDir
    Path folder;

    @Test
    void otherWeightsOfTheSameSizeAndTimeHaveAnotherKey() throws IOException {
        Path weights = folder.resolve("model.safetensors");
        byte[] graph = graph(1);
        FileTime time = Files.getLastModifiedTime(weights);
        long size = Files.size(weights);
        String before = PackedModels.key(graph, List.of(weights));
        assertThat(PackedModels.key(graph, List.of(weights))).isEqualTo(before);
        TinyBert.write(folder, 2);
        Files.setLastModifiedTime(weights, time);
        assertThat(Files.size(weights)).isEqualTo(size);
        assertThat(PackedModels.key(graph, List.of(weights))).isNotEqualTo(before);
    }

    @Test
    void theWeightsAreTheFilesThatTheGraphNames() throws IOException {
        byte[] graph = graph(1);
        Files.write(folder.resolve("other.safetensors"), new byte[10]);
        assertThat(PackedModels.weights(graph, folder)).containsExactly(folder.resolve("model.safetensors"));
    }

    @Test
    void whatNobodyOpenedForAMonthIsDeleted() throws IOException {
        Path old = Files.createDirectories(folder.resolve("packed-old"));
        Path young = Files.createDirectories(folder.resolve("packed-young"));
        Path other = Files.createDirectories(folder.resolve("import-old"));
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
        for (Path packed : List.of(old, young, other)) {
            Files.writeString(packed.resolve("sizes"), "");
        }
        Files.setLastModifiedTime(old.resolve("sizes"), longAgo);
        Files.setLastModifiedTime(other.resolve("sizes"), longAgo);
        PackedModels.sweep(folder);
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(other).exists();
    }

    private byte[] graph(long seed) throws IOException {
        ModelFolder model = ModelFolder.open(TinyBert.write(folder, seed));
        return EncoderGraphs.of(model, EncoderRequest.pooled(Pooling.MEAN, true), Device.CPU)
                .model();
    }
}
