package io.textloom.spark.lineage;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * What OpenLineage's own Spark settings say, so that Textloom's events go where those of its listener go.
 *
 * @param namespace of jobs
 * @param transport {@code spark.openlineage.transport.*} without the prefix
 * @param parent the run that started this one, if a scheduler said so
 */
record LineageOptions(String namespace, SortedMap<String, String> transport, Optional<Parent> parent) {
    private static final String PREFIX = "spark.openlineage.";
    private static final String TRANSPORT = PREFIX + "transport.";
    private static final String LISTENER = "OpenLineageSparkListener";

    /** A run of another system. */
    record Parent(String namespace, String name, String runId) {}

    /** Empty where neither the listener nor a transport is configured, or lineage is switched off. */
    static Optional<LineageOptions> of(SparkConf conf) {
        boolean asked = conf.get("spark.extraListeners", "").contains(LISTENER) || conf.contains(TRANSPORT + "type");
        if (!asked || conf.get(PREFIX + "disabled", "false").equals("true")) {
            return Optional.empty();
        }
        TreeMap<String, String> transport = new TreeMap<>(Map.of("type", "console"));
        for (Tuple2<String, String> entry : conf.getAllWithPrefix(TRANSPORT)) {
            transport.put(entry._1(), entry._2());
        }
        Optional<Parent> parent = Optional.empty();
        if (conf.contains(PREFIX + "parentRunId") && conf.contains(PREFIX + "parentJobName")) {
            parent = Optional.of(new Parent(
                    conf.get(PREFIX + "parentJobNamespace", "default"),
                    conf.get(PREFIX + "parentJobName"),
                    conf.get(PREFIX + "parentRunId")));
        }
        return Optional.of(new LineageOptions(conf.get(PREFIX + "namespace", "default"), transport, parent));
    }
}
