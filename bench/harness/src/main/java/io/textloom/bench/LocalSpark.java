package io.textloom.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** The same local Spark for every engine, started and warmed before anything is timed. */
public final class LocalSpark {
    public static final int CORES = 2;

    private static final int WARM_UP_ROWS = 1000;

    private LocalSpark() {}

    /** @param settings Spark properties on top of those of all engines */
    public static SparkSession open(String name, Map<String, String> settings) {
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[" + CORES + "]")
                .appName(name)
                .config("spark.ui.enabled", false)
                .config("spark.ui.showConsoleProgress", false)
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 4 * CORES);
        settings.forEach(builder::config);
        return builder.getOrCreate();
    }

    /** Reads JSON, shuffles and writes Parquet once: what any Spark job loads and compiles is start-up, not work of an engine. */
    public static void warmUp(SparkSession spark, Path scratch) {
        String json = scratch.resolve("warm-up-json").toString();
        String parquet = scratch.resolve("warm-up-parquet").toString();
        Dataset<Row> rows = spark.range(WARM_UP_ROWS).selectExpr("cast(id as string) id", "repeat('a ', 20) text");
        rows.write().mode(SaveMode.Overwrite).json(json);
        spark.read()
                .json(json)
                .repartition(CORES)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(parquet);
        spark.read().parquet(parquet).count();
    }

    public static SortedMap<String, String> versions(SparkSession spark) {
        SortedMap<String, String> versions = new TreeMap<>();
        versions.put("java", Runtime.version().toString());
        versions.put("spark", spark.version());
        return versions;
    }
}
