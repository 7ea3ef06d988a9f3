package io.textloom.spark;

import org.apache.spark.sql.SparkSession;

/** One small local session for all tests of this JVM. */
public final class LocalSpark {
    private static final SparkSession SESSION = SparkSession.builder()
            .master("local[2,4]")
            .appName("tests")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();

    private LocalSpark() {}

    public static SparkSession session() {
        SESSION.sparkContext().setLogLevel("ERROR");
        return SESSION;
    }
}
