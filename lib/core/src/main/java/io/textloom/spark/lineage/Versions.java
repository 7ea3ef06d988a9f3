package io.textloom.spark.lineage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.SparkSession;

/** Versions of Textloom and of what it runs on. */
public final class Versions {
    private static final String BUILD = "/io/textloom/build.properties";

    private Versions() {}

    /** Name → version: textloom, commit where the build knew it, onnxruntime, spark, scala, hadoop, java, os. */
    public static SortedMap<String, String> of(SparkSession spark) {
        SortedMap<String, String> versions = new TreeMap<>(build());
        versions.put("spark", spark.version());
        versions.put("scala", scala.util.Properties$.MODULE$.versionNumberString());
        versions.put("hadoop", VersionInfo.getVersion());
        versions.put("java", Runtime.version().toString());
        versions.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        return versions;
    }

    /** What the build wrote down. */
    static SortedMap<String, String> build() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream(BUILD)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + BUILD + " of the class path", e);
        }
        SortedMap<String, String> versions = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (!properties.getProperty(name).isBlank()) {
                versions.put(name, properties.getProperty(name));
            }
        }
        versions.putIfAbsent("textloom", "development");
        return versions;
    }
}
