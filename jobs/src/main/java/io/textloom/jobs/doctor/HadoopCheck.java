package io.textloom.jobs.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.VersionInfo;

/** Hadoop's configuration: where it came from, and the file systems it leads to. */
public final class HadoopCheck implements Check {
    private static final List<String> PLACES = List.of("HADOOP_CONF_DIR", "YARN_CONF_DIR");

    private final String master;
    private final Configuration conf;
    private final Map<String, String> environment;

    public HadoopCheck(String master, Configuration conf) {
        this(master, conf, System.getenv());
    }

    HadoopCheck(String master, Configuration conf, Map<String, String> environment) {
        this.master = master;
        this.conf = conf;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String part() {
        return "hadoop";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("client", VersionInfo.getVersion()));
        findings.add(configuration());
        findings.add(Finding.ok("default file system", String.valueOf(FileSystem.getDefaultUri(conf))));
        return findings;
    }

    private Finding configuration() {
        List<String> found = new ArrayList<>();
        for (String place : PLACES) {
            String directory = environment.getOrDefault(place, "");
            if (directory.isBlank()) {
                continue;
            }
            if (!Files.isReadable(Path.of(directory, "core-site.xml"))) {
                return Finding.failed(
                        "configuration",
                        place + "=" + directory + " without a core-site.xml that can be read",
                        "a directory with the cluster's core-site.xml",
                        "correct " + place + ", or unset it");
            }
            found.add(place + "=" + directory);
        }
        return Finding.require(
                !found.isEmpty() || !master.startsWith("yarn"),
                "configuration",
                found.isEmpty() ? "none but Hadoop's own" : String.join(", ", found),
                "that of the cluster",
                "set HADOOP_CONF_DIR to the directory with the cluster's core-site.xml and yarn-site.xml");
    }
}
