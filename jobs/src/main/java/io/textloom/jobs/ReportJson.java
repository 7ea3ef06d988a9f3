package io.textloom.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.spark.JobReport;
import io.textloom.spark.TrainReport;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.lineage.Cost;
import io.textloom.spark.lineage.Provenance;

/** Reports as JSON; the field names are part of the contract. */
final class ReportJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ReportJson() {}

    static String of(JobReport report) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("job", report.job());
        json.put("output", report.output());
        json.put("model", report.model());
        json.put("modelSha256", report.modelSha256());
        json.put("rowsIn", report.rowsIn());
        json.put("rowsOut", report.rowsOut());
        json.put("documentsOut", report.documentsOut());
        json.put("rowsRejected", report.rowsRejected());
        ObjectNode codes = json.putObject("rejectedByCode");
        report.rejectedByCode().forEach(codes::put);
        json.put("rowsSkipped", report.rowsSkipped());
        json.put("duplicatesDropped", report.duplicatesDropped());
        json.put("rowsDeleted", report.rowsDeleted());
        json.put("tokens", report.tokens());
        json.put("paddedTokens", report.paddedTokens());
        json.put("truncatedRows", report.truncatedRows());
        json.put("droppedTokens", report.droppedTokens());
        ArrayNode lengths = json.putArray("lengths");
        report.lengths()
                .forEach((tokenizer, summary) -> lengths.addObject()
                        .put("tokenizer", tokenizer)
                        .put("documents", summary.documents())
                        .put("p50", summary.p50())
                        .put("p90", summary.p90())
                        .put("p99", summary.p99())
                        .put("max", summary.max()));
        json.putObject("fileTokens")
                .put("files", report.fileTokens().files())
                .put("min", report.fileTokens().min())
                .put("median", report.fileTokens().median())
                .put("max", report.fileTokens().max());
        if (!report.figures().isEmpty()) {
            ObjectNode figures = json.putObject("figures");
            report.figures().forEach(figures::put);
        }
        Provenance provenance = report.provenance();
        ArrayNode devices = json.putArray("devices");
        provenance
                .devices()
                .forEach(
                        device -> devices.addObject().put("name", device.name()).put("count", device.count()));
        ObjectNode phases = json.putObject("phaseSeconds");
        provenance.phaseSeconds().forEach(phases::put);
        Cost cost = provenance.cost();
        if (cost != null) {
            json.putObject("cost")
                    .put("amount", cost.amount())
                    .put("currency", cost.currency())
                    .put("coreHours", cost.coreHours());
        }
        json.put("seconds", report.seconds());
        json.put("modelSeconds", report.modelSeconds());
        json.put("usefulFlops", report.usefulFlops());
        json.put("tokensPerSecond", report.tokensPerSecond());
        json.put("paddingEfficiency", report.paddingEfficiency());
        json.put("totalRows", report.totalRows());
        json.put("totalRejected", report.totalRejected());
        json.put("errorRatioExceeded", report.errorRatioExceeded());
        return text(json);
    }

    static String of(TrainReport report) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("job", "train");
        json.put("task", report.task());
        json.put("output", report.output());
        report.counts().forEach(json::put);
        ObjectNode codes = json.putObject("rejectedByCode");
        report.rejectedByCode().forEach(codes::put);
        ObjectNode seconds = json.putObject("seconds");
        report.seconds().forEach(seconds::put);
        ObjectNode story = json.putObject("story");
        report.story().forEach(story::put);
        if (!report.curve().isEmpty()) {
            ArrayNode curve = json.putArray("curve");
            report.curve()
                    .forEach(point -> curve.addObject()
                            .put("epoch", point.epoch())
                            .put("words", point.words())
                            .put("learningRate", point.learningRate())
                            .put("loss", point.loss())
                            .put("heldOutLoss", point.heldOutLoss())
                            .put("wordsPerSecond", point.wordsPerSecond()));
        }
        json.put("errorRatioExceeded", report.errorRatioExceeded());
        return text(json);
    }

    static String of(VerifyReport report, String output) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("job", "verify");
        json.put("output", output);
        json.put("ok", report.ok());
        ObjectNode counts = json.putObject("counts");
        report.counts().forEach(counts::put);
        report.problems().forEach(json.putArray("problems")::add);
        report.unchecked().forEach(json.putArray("unchecked")::add);
        return text(json);
    }

    static String text(ObjectNode json) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A report of plain numbers and texts has no JSON", e);
        }
    }
}
