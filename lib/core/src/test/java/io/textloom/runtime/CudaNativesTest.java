package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.ModelCache;
import io.textloom.model.ModelException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaNativesTest {
    private static final List<String> LIBRARIES = List.of(
            "libonnxruntime.so",
            "libonnxruntime4j_jni.so",
            "libonnxruntime_providers_shared.so",
            "libonnxruntime_providers_cuda.so");

    @TempDir
    Path dir;

    private Path addOn;
    private ModelCache cache;
    private URLClassLoader loader;

    @BeforeEach
    void writeAddOn() throws IOException {
        addOn = Files.createDirectories(dir.resolve("add-on/io/textloom/gpu/linux-x64"));
        cache = new ModelCache(dir.resolve("cache"));
        for (String library : LIBRARIES) {
            Files.writeString(addOn.resolve(library), "bytes of " + library);
        }
        Files.writeString(addOn.resolveSibling("onnxruntime.version"), CudaNatives.ONNX_RUNTIME_VERSION + "\n");
        loader = loaderOf(dir.resolve("add-on"));
    }

    @AfterEach
    void close() throws IOException {
        loader.close();
    }

    @Test
    void theVersionIsThatOfTheJavaClasses() {
        assertThat(OrtRuntime.environment().getVersion()).isEqualTo(CudaNatives.ONNX_RUNTIME_VERSION);
    }

    @Test
    void librariesAreCopiedOnceAndAgainOnlyIfDamaged() throws IOException {
        Path folder = CudaNatives.copyTo(loader, cache).orElseThrow();
        for (String library : LIBRARIES) {
            assertThat(folder.resolve(library)).hasContent("bytes of " + library);
        }
        Object copied = Files.getAttribute(folder, "unix:ino");
        assertThat(CudaNatives.copyTo(loader, cache)).contains(folder);
        assertThat(Files.getAttribute(folder, "unix:ino")).isEqualTo(copied);

        Files.writeString(folder.resolve("libonnxruntime.so"), "cut");
        assertThat(CudaNatives.copyTo(loader, cache)).contains(folder);
        assertThat(folder.resolve("libonnxruntime.so")).hasContent("bytes of libonnxruntime.so");
    }

    @Test
    void withoutAnAddOnNothingIsCopied() throws IOException {
        try (URLClassLoader none = loaderOf(Files.createDirectory(dir.resolve("empty")))) {
            assertThat(CudaNatives.copyTo(none, cache)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void anAddOnOfAnotherVersionIsRefused() throws IOException {
        Files.writeString(addOn.resolveSibling("onnxruntime.version"), "1.19.2\n");
        assertThatThrownBy(() -> CudaNatives.copyTo(loader, cache))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds ONNX Runtime 1.19.2 but this Textloom uses 1.28.0")
                .hasMessageContaining("--jars");
    }

    @Test
    void anAddOnThatLacksALibraryIsNamed() throws IOException {
        Files.delete(addOn.resolve("libonnxruntime_providers_cuda.so"));
        assertThatThrownBy(() -> CudaNatives.copyTo(loader, cache))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("lacks io/textloom/gpu/linux-x64/libonnxruntime_providers_cuda.so");
    }

    private static URLClassLoader loaderOf(Path directory) throws MalformedURLException {
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, null);
    }
}
