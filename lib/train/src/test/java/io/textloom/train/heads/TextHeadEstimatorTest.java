package io.textloom.train.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.ModelImport;
import io.textloom.spark.stage.ModelLeases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextHeadEstimatorTest {
    @TempDir
    Path dir;

    private SparkSession spark;

    @BeforeEach
    void open() throws IOException {
        spark = SparkSession.builder()
                .master("local[2]")
                .appName("tests")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        Path vectors = GeneratedRows.writeVectors(dir.resolve("words.vec"));
        new ModelImport(ModelLeases.store(), new Configuration())
                .copy(vectors.toString(), dir.resolve("encoder").toString());
    }

    @Test
    void aPipelineTrainsAHeadAndIsSavedAndLoadedWithIt() throws IOException {
        Dataset<Row> train = rows("train", GeneratedRows.kinds(400, 1));
        Dataset<Row> others = rows("others", GeneratedRows.kinds(100, 2));
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {estimator()});
        pipeline.save(dir.resolve("pipeline").toString());

        PipelineModel model = Pipeline.load(dir.resolve("pipeline").toString()).fit(train);
        Dataset<Row> labelled = model.transform(others);

        assertThat(labelled.schema().fieldNames())
                .containsExactly("right", "text", "head_label", "head_score", "head_scores");
        assertThat(labelled.filter("head_label = right").count()).isGreaterThan(95);
        model.save(dir.resolve("fitted").toString());
        assertThat(PipelineModel.load(dir.resolve("fitted").toString())
                        .transform(others)
                        .collectAsList())
                .isEqualTo(labelled.collectAsList());
    }

    @Test
    void whatDoesNotFitIsSaidBeforeAnythingIsComputed() throws IOException {
        Dataset<Row> rows = rows("rows", GeneratedRows.kinds(10, 1));

        assertThatThrownBy(() -> estimator().setLabelCol("label").transformSchema(rows.schema()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column label among right, text");
        assertThatThrownBy(() -> estimator().setTask("pair").fit(rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("train.pairColumn is empty");
        assertThatThrownBy(() -> new TextHeadEstimator().setLabelCol("right").fit(rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("encoder is not set");
    }

    private TextHeadEstimator estimator() {
        return new TextHeadEstimator()
                .setEncoder(dir.resolve("encoder").toString())
                .setModelPath(dir.resolve("model").toString())
                .setLabelCol("right")
                .setOutputPrefix("head_")
                .setLayers(new int[] {32})
                .setRate(0.003)
                .setBatchRows(16)
                .setDropout(0)
                .setPatience(0)
                .setMaxEpochs(12);
    }

    private Dataset<Row> rows(String name, List<String> rows) throws IOException {
        return spark.read()
                .json(GeneratedRows.write(dir.resolve(name + ".jsonl"), rows).toString());
    }
}
