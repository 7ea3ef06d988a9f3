package io.textloom.spark.lineage;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import scala.collection.JavaConverters;

/** What a job's inputs are as data sets. */
final class InputDatasets {
    private static final String SQL = "sql:";

    private InputDatasets() {}

    /** The query of an input {@code sql:…}; empty for any other. */
    static String query(List<String> inputs) {
        return inputs.isEmpty() || !inputs.get(0).startsWith(SQL)
                ? ""
                : inputs.get(0).substring(SQL.length());
    }

    /** Files where they lie; of tables and queries what Spark reads for them. */
    static List<LineageDataset> of(SparkSession spark, List<String> inputs) {
        Set<LineageDataset> datasets = new LinkedHashSet<>();
        for (String input : inputs) {
            if (input.startsWith(SQL)) {
                datasets.addAll(read(spark.sql(input.substring(SQL.length()))
                        .queryExecution()
                        .analyzed()));
            } else if (!input.contains("/") && spark.catalog().tableExists(input)) {
                datasets.addAll(read(spark.table(input).queryExecution().analyzed()));
            } else {
                datasets.add(LineageDataset.ofPath(input));
            }
        }
        return List.copyOf(datasets);
    }

    private static List<LineageDataset> read(LogicalPlan plan) {
        List<LineageDataset> datasets = new ArrayList<>();
        for (LogicalPlan leaf : JavaConverters.seqAsJavaList(plan.collectLeaves())) {
            if (leaf instanceof LogicalRelation relation && relation.relation() instanceof HadoopFsRelation files) {
                for (Path path : JavaConverters.seqAsJavaList(files.location().rootPaths())) {
                    datasets.add(LineageDataset.ofPath(path.toString()));
                }
            }
        }
        return datasets;
    }
}
