package io.textloom.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.runtime.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskDevicesTest {
    private static final DeviceOptions CUDA = new DeviceOptions(DeviceChoice.CUDA, "");
    private static final DeviceOptions CPU = new DeviceOptions(DeviceChoice.CPU, "");
    private static final String ALL = "";

    @Test
    void autoTakesTheGpuThatSparkGaveAndElseTheCpu() {
        assertThat(of(DeviceOptions.AUTO, List.of("3"), ALL)).isEqualTo(Device.cuda(3));
        assertThat(of(DeviceOptions.AUTO, List.of(), ALL)).isEqualTo(Device.CPU);
    }

    @Test
    void cpuStaysOnTheCpuWhateverSparkGave() {
        assertThat(of(CPU, List.of("3"), ALL)).isEqualTo(Device.CPU);
    }

    @Test
    void cudaWithoutAnAddressIsTheFirstVisibleCard() {
        assertThat(of(CUDA, List.of(), ALL)).isEqualTo(Device.cuda(0));
        assertThat(of(CUDA, List.of("2"), ALL)).isEqualTo(Device.cuda(2));
    }

    @Test
    void thePluginGoesWithTheCardAndNotWithTheCpu() {
        DeviceOptions plugin = new DeviceOptions(DeviceChoice.AUTO, "/opt/lib.so");
        assertThat(of(plugin, List.of("1"), ALL)).isEqualTo(Device.cuda(1, "/opt/lib.so"));
        assertThat(of(plugin, List.of(), ALL)).isEqualTo(Device.CPU);
    }

    @Test
    void visibleDevicesRenumberTheCards() {
        assertThat(of(CUDA, List.of("6"), "4,6")).isEqualTo(Device.cuda(1));
        assertThat(of(CUDA, List.of("4"), " 4 , 6 ")).isEqualTo(Device.cuda(0));
        assertThat(of(CUDA, List.of("GPU-5a"), "GPU-1b,GPU-5a")).isEqualTo(Device.cuda(1));
    }

    @Test
    void anAddressThatIsNotVisibleIsAnError() {
        assertThatThrownBy(() -> of(CUDA, List.of("1"), "4,6"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gave the task the GPU 1 but CUDA_VISIBLE_DEVICES is 4,6");
        assertThatThrownBy(() -> of(CUDA, List.of("GPU-5a"), ALL)).hasMessageContaining("scripts/discover-gpus");
    }

    @Test
    void aTaskUsesOneCard() {
        assertThatThrownBy(() -> of(DeviceOptions.AUTO, List.of("0", "1"), ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spark.task.resource.gpu.amount");
    }

    @Test
    void cardsCanBeComputedByTheCpuForChecks() {
        assertThat(TaskDevices.of(DeviceOptions.AUTO, List.of("1"), ALL, true)).isEqualTo(Device.cudaOnCpu(1));
        assertThat(TaskDevices.of(DeviceOptions.AUTO, List.of(), ALL, true)).isEqualTo(Device.CPU);
    }

    @Test
    void theDriverRefusesGpusWithoutAProvider() {
        assertThatThrownBy(() -> TaskDevices.check(CUDA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with the textloom-gpu jar");
        assertThatCode(() -> TaskDevices.check(CPU)).doesNotThrowAnyException();
        assertThatCode(() -> TaskDevices.check(DeviceOptions.AUTO)).doesNotThrowAnyException();
        assertThatCode(() -> TaskDevices.check(new DeviceOptions(DeviceChoice.CUDA, "/opt/lib.so")))
                .doesNotThrowAnyException();
    }

    @Test
    void outsideATaskIsTheCpu() {
        assertThat(TaskDevices.ofTask(DeviceOptions.AUTO)).isEqualTo(Device.CPU);
    }

    private static Device of(DeviceOptions options, List<String> addresses, String visible) {
        return TaskDevices.of(options, addresses, visible, false);
    }
}
