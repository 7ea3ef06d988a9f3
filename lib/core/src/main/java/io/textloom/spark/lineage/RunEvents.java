package io.textloom.spark.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The events of one run as JSON. Source: OpenLineage's specification 2-0-2 and its facets. */
final class RunEvents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SPEC = "https://openlineage.io/spec/";
    private static final String EVENT_SCHEMA = SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent";
    private static final String FACETS = SPEC + "facets/";
    /** No service keeps the schema of our own facets; what they hold stands in docs/output.md. */
    private static final String OWN_FACETS = "urn:textloom:facets:1:";

    /** Longest message of a failure; unit: characters */
    private static final int MAX_MESSAGE = 4000;

    private final LineageRun.Facts facts;
    private final LineageOptions options;
    private final String runId;
    private final String producer;

    RunEvents(LineageRun.Facts facts, LineageOptions options, UUID runId) {
        this.facts = facts;
        this.options = options;
        this.runId = runId.toString();
        producer = "urn:textloom:" + facts.versions().getOrDefault("textloom", "development");
    }

    String start(List<LineageDataset> inputs) {
        return text(event("START", inputs));
    }

    String complete(List<LineageDataset> inputs, LineageRun.Result result) {
        ObjectNode event = event("COMPLETE", inputs);
        ObjectNode output = (ObjectNode) event.path("outputs").path(0);
        schema(output.putObject("facets"), result.schema());
        facet(
                        output.putObject("outputFacets"),
                        "outputStatistics",
                        FACETS
                                + "1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet")
                .put("rowCount", result.rows())
                .put("size", result.bytes())
                .put("fileCount", result.files());
        ObjectNode counts = facet(runFacets(event), "textloom_run", OWN_FACETS + "run");
        result.counts().forEach(counts::put);
        result.cost().ifPresent(cost -> counts.put("cost", cost.amount()).put("currency", cost.currency()));
        return text(event);
    }

    /** @param type FAIL, or ABORT for a run that was stopped */
    String ended(String type, List<LineageDataset> inputs, String message) {
        ObjectNode event = event(type, inputs);
        String shown = Redaction.text(message);
        facet(runFacets(event), "errorMessage", FACETS + "1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet")
                .put("message", shown.length() > MAX_MESSAGE ? shown.substring(0, MAX_MESSAGE) : shown)
                .put("programmingLanguage", "JAVA");
        return text(event);
    }

    private ObjectNode event(String type, List<LineageDataset> inputs) {
        ObjectNode event = JSON.createObjectNode();
        event.put("eventType", type);
        event.put("eventTime", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        event.put("producer", producer);
        event.put("schemaURL", EVENT_SCHEMA);
        event.putObject("run").put("runId", runId).set("facets", madeRunFacets());
        ObjectNode job =
                event.putObject("job").put("namespace", options.namespace()).put("name", facts.jobName());
        jobFacets(job.putObject("facets"));
        ArrayNode read = event.putArray("inputs");
        for (LineageDataset input : inputs) {
            read.addObject().put("namespace", input.namespace()).put("name", input.name());
        }
        LineageDataset output = LineageDataset.ofPath(facts.output());
        event.putArray("outputs")
                .addObject()
                .put("namespace", output.namespace())
                .put("name", output.name());
        return event;
    }

    private static ObjectNode runFacets(ObjectNode event) {
        return (ObjectNode) event.path("run").path("facets");
    }

    private ObjectNode madeRunFacets() {
        ObjectNode facets = JSON.createObjectNode();
        facet(
                        facets,
                        "processing_engine",
                        FACETS + "1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet")
                .put("name", "spark")
                .put("version", facts.versions().getOrDefault("spark", ""))
                .put("openlineageAdapterVersion", facts.versions().getOrDefault("textloom", ""));
        options.parent().ifPresent(parent -> {
            ObjectNode facet = facet(facets, "parent", FACETS + "1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet");
            facet.putObject("run").put("runId", parent.runId());
            facet.putObject("job").put("namespace", parent.namespace()).put("name", parent.name());
        });
        ObjectNode model = facet(facets, "textloom_model", OWN_FACETS + "model");
        for (Map.Entry<String, String> fact : facts.model().entrySet()) {
            model.put(fact.getKey(), fact.getValue());
        }
        return facets;
    }

    private void jobFacets(ObjectNode facets) {
        facet(facets, "jobType", FACETS + "2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet")
                .put("processingType", "BATCH")
                .put("integration", "TEXTLOOM")
                .put("jobType", facts.job().toUpperCase(java.util.Locale.ROOT));
        String query = InputDatasets.query(facts.inputs());
        if (!query.isEmpty()) {
            facet(facets, "sql", FACETS + "1-1-0/SQLJobFacet.json#/$defs/SQLJobFacet")
                    .put("query", Redaction.text(query));
        }
    }

    private void schema(ObjectNode facets, StructType schema) {
        ArrayNode fields = facet(facets, "schema", FACETS + "1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet")
                .putArray("fields");
        for (StructField field : schema.fields()) {
            fields.addObject()
                    .put("name", field.name())
                    .put("type", field.dataType().catalogString());
        }
    }

    private ObjectNode facet(ObjectNode facets, String name, String schema) {
        return facets.putObject(name).put("_producer", producer).put("_schemaURL", schema);
    }

    private static String text(ObjectNode event) {
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event of plain numbers and texts has no JSON", e);
        }
    }
}
