package io.textloom.spark.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.spark.LocalSpark;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    @Test
    void costIsOfCoresHeldAndTokensComputed() {
        Cost cost = Cost.of(new PriceOptions(0.05, 0.2, "EUR"), 7200, 3_000_000).orElseThrow();
        assertThat(cost.amount()).isCloseTo(0.1 + 0.6, within(1e-12));
        assertThat(cost.coreHours()).isEqualTo(2);
        assertThat(Cost.of(PriceOptions.NONE, 7200, 3_000_000)).isEmpty();
        assertThatThrownBy(() -> new PriceOptions(-1, 0, "EUR")).hasMessageContaining("price.perCoreHour is -1");
    }

    @Test
    void aRunKnowsItsVersionsPhasesDevicesAndCost() throws IOException {
        RunObserver observer = new RunObserver(
                LocalSpark.session(), new PriceOptions(1, 0, "EUR"), "m", Versions.of(LocalSpark.session()), "7");
        observer.phase("compute");
        observer.phase("commit");
        Provenance made = observer.provenance(Map.of("1", "a CPU", "2", "a CPU", "2/gpu/0", "a card"), 5);
        assertThat(made.versions())
                .containsKeys("textloom", "onnxruntime", "spark", "scala", "hadoop", "java", "os")
                .doesNotContainValue("${project.version}");
        assertThat(made.phaseSeconds()).containsOnlyKeys("plan", "compute", "commit");
        assertThat(made.devices())
                .containsExactly(new Provenance.Device("a CPU", 2), new Provenance.Device("a card", 1));
        assertThat(made.seed()).isEqualTo("7");
        assertThat(made.cost()).isNotNull();
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readValue(json.writeValueAsBytes(made), Provenance.class))
                .isEqualTo(made);
        assertThat(json.readValue("{}", Provenance.class)).isEqualTo(Provenance.NONE);
    }

    @Test
    void aTaskOnNoCardComputesOnTheProcessor() {
        assertThat(Machine.ofTask(true).values()).containsExactly(Machine.processor());
        assertThat(Machine.processor()).endsWith(" cores");
        assertThat(Machine.sorts(Map.of())).isEqualTo(List.of());
    }
}
