package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.ModelFolder;
import io.textloom.model.TinyBert;
import io.textloom.tensor.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be known of CUDA providers without a card: that a missing one is named, with the flag that brings it. */
class CudaProviderTest {
    @TempDir
    Path folder;

    @Test
    void withoutTheAddOnTheFlagsAreNamed() {
        assertThatThrownBy(() -> CudaProvider.requireGiven(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no CUDA provider")
                .hasMessageContaining("with the textloom-gpu jar")
                .hasMessageContaining("--provider-library")
                .hasMessageContaining("--device cpu");
        assertThatThrownBy(() -> open(Device.cuda(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with the textloom-gpu jar");
    }

    @Test
    void aPluginIsLookedForWhereTasksRun() {
        String library = folder.resolve("libcuda_plugin.so").toString();
        assertThatCode(() -> CudaProvider.requireGiven(library)).doesNotThrowAnyException();
        assertThatThrownBy(() -> open(Device.cuda(0, library)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cuda.providerLibrary is " + library)
                .hasMessageContaining("no file on this machine");
    }

    @Test
    void aPluginThatDoesNotLoadSaysWhatTheLinkerFound() throws IOException {
        Path library = Files.writeString(folder.resolve("libcuda_plugin.so"), "no library");
        assertThatThrownBy(() -> open(Device.cuda(0, library.toString())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which cannot be loaded")
                .hasMessageContaining("libcuda_plugin.so")
                .hasMessageContaining("LD_LIBRARY_PATH");
    }

    @Test
    void aCardComputedByTheCpuNeedsNoProvider() throws IOException {
        assertThatCode(() -> open(Device.cudaOnCpu(3))).doesNotThrowAnyException();
    }

    @Test
    void devicesAreNamedByTheirCard() {
        assertThat(Device.CPU).hasToString("cpu");
        assertThat(Device.cuda(3, "lib.so")).hasToString("gpu 3").isNotEqualTo(Device.cuda(3));
        assertThat(Device.cudaOnCpu(3)).hasToString("gpu 3 (computed by the CPU)");
        assertThatThrownBy(() -> Device.cuda(-1)).hasMessageContaining("has the index -1");
        assertThatThrownBy(() -> new Device(Device.Kind.CPU, 1, "")).hasMessageContaining("expected 0 for the CPU");
        assertThatThrownBy(() -> new Device(Device.Kind.CPU, 0, "lib.so")).hasMessageContaining("only a GPU");
    }

    private void open(Device device) throws IOException {
        Path model = folder.resolve("model");
        EncoderSession.open(
                        ModelFolder.open(TinyBert.write(model, 1)),
                        EncoderRequest.pooled(Pooling.MEAN, true),
                        device,
                        1)
                .close();
    }
}
