package io.textloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.train.ClassWeights;
import io.textloom.spark.train.HeadOptions;
import io.textloom.tensor.HeadTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadFileTest {
    @TempDir
    Path dir;

    @Test
    void headsAreReadInTheirOrderWithWhatTheyLeaveOut() throws IOException {
        List<HeadOptions> heads = read("""
                heads = [
                  {name = topic, task = sequence, input = news.parquet, labelColumn = section, classWeights = balanced}
                  {name = same, task = pair, input = [a.jsonl, b.jsonl], dev = c.jsonl, pairColumn = other, layers = [8, 4], dropout = 0.2, classWeights = {yes = 3, no = 1}}
                ]
                """);

        assertThat(heads).extracting(HeadOptions::name).containsExactly("topic", "same");
        HeadOptions topic = heads.get(0);
        assertThat(topic.task()).isEqualTo(HeadTask.SEQUENCE);
        assertThat(topic.input()).containsExactly("news.parquet");
        assertThat(topic.labelColumn()).isEqualTo("section");
        assertThat(topic.classWeights()).isEqualTo(ClassWeights.BALANCED);
        assertThat(topic.hidden()).containsExactly(256);
        assertThat(topic.dropout()).isEqualTo(0.3);
        HeadOptions same = heads.get(1);
        assertThat(same.input()).containsExactly("a.jsonl", "b.jsonl");
        assertThat(same.dev()).containsExactly("c.jsonl");
        assertThat(same.pairColumn()).isEqualTo("other");
        assertThat(same.labelColumn()).isEqualTo("label");
        assertThat(same.hidden()).containsExactly(8, 4);
        assertThat(same.dropout()).isEqualTo(0.2);
        assertThat(same.weights()).containsEntry("yes", 3.0).containsEntry("no", 1.0);
    }

    @Test
    void whatIsNoHeadIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> read("heads = [{name = a, task = pair, labelColumn = x}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("heads.conf:1")
                .hasMessageContaining("the column that holds the second text");
        assertThatThrownBy(() -> read("heads = [{name = a, task = sequence, labelColum = x}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has the key labelColum");
        assertThatThrownBy(() -> read("heads = [{name = a, task = rank}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected sequence, pair, regression, token, span or choice");
        assertThatThrownBy(() -> read("head = {name = a}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected heads = [");
        assertThatThrownBy(() -> HeadFile.read(dir.resolve("none.conf"), List.of(), 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("not a file");
    }

    private List<HeadOptions> read(String hocon) throws IOException {
        return HeadFile.read(Files.writeString(dir.resolve("heads.conf"), hocon), List.of(256), 0.3);
    }
}
