package io.textloom.jobs;

import java.util.Optional;
import org.apache.spark.package$;

/** What this build is and what it runs on. */
final class Version {
    private Version() {}

    static String text() {
        String version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("development build");
        return "textloom " + version + " (Spark " + package$.MODULE$.SPARK_VERSION() + ", Java " + Runtime.version()
                + ")";
    }
}
