package io.textloom.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.config.Level;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.ResolvedValue;
import io.textloom.model.ModelInspection;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.plan.Estimate;
import io.textloom.spark.plan.Plan;
import io.textloom.spark.plan.ResumePlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What {@code --explain} tells: the plan with the settings it rests on, as text and as JSON. */
final class PlanReport {
    private final ResolvedSettings settings;
    /** As they may be shown. */
    private final SortedMap<String, String> shown;

    private final Plan plan;

    PlanReport(ResolvedSettings settings, Plan plan) {
        this.settings = settings;
        shown = Redaction.settings(settings.asMap());
        this.plan = plan;
    }

    String text() {
        StringBuilder text = new StringBuilder("plan of " + plan.job() + " (nothing was run or written)\n");
        text.append("  settings that are not the built-in ones\n");
        List<ResolvedValue> told = settings.values().values().stream()
                .filter(value -> value.origin().level() != Level.DEFAULT)
                .toList();
        for (ResolvedValue value : told) {
            text.append("    ")
                    .append(value.setting().key())
                    .append(" = ")
                    .append(shown.get(value.setting().key()))
                    .append("  (")
                    .append(value.origin().place())
                    .append(")\n");
        }
        text.append(Summary.aligned("", lines()).substring(1));
        plan.notes().forEach(note -> text.append("  - ").append(note).append('\n'));
        return text.toString();
    }

    private Map<String, String> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        for (ModelInspection model : plan.models()) {
            lines.put("model " + Redaction.uris(model.ref().shortName()), model(model));
        }
        if (plan.memory() > 0) {
            lines.put("memory", "about " + size((double) plan.memory()) + " outside of the heap on each executor");
        }
        Plan.Input input = plan.input();
        lines.put(
                "input",
                String.join(", ", input.inputs())
                        + (input.files() == 0
                                ? ""
                                : ": " + Summary.count(input.files()) + " files, " + size((double) input.bytes()) + ", "
                                        + input.format()));
        lines.put("tasks", Summary.count(plan.tasks()) + " on " + plan.cores() + " cores");
        lines.put("output", plan.output() + ": " + resume(plan.resume()));
        Plan.Sample sample = plan.sample();
        lines.put(
                "sample",
                Summary.count(sample.rows()) + " rows of " + sample.places() + " places, "
                        + Summary.percent(sample.share()) + " of the input");
        lines.put(
                "tokens of a row",
                "half up to " + Summary.count(sample.medianTokens()) + ", 95% " + Summary.count(sample.p95Tokens())
                        + ", longest " + Summary.count(sample.maxTokens()) + ", mean "
                        + String.format(Locale.ROOT, "%.1f", sample.meanTokens()));
        lines.put(
                "faulty",
                Summary.percent(sample.faultyShare())
                        + (sample.faults().isEmpty()
                                ? ""
                                : sample.faults().entrySet().stream()
                                        .map(fault -> fault.getKey() + " " + fault.getValue())
                                        .collect(Collectors.joining(", ", " (", ")"))));
        Plan.Run run = plan.run();
        lines.put("truncated", Summary.percent(run.truncatedShare()) + " of " + run.documents() + " rows computed");
        if (run.rejected() > 0) {
            lines.put("rejected", Summary.percent(run.rejectedShare()) + " of " + run.documents() + " rows computed");
        }
        lines.put("rows", number(plan.rows()));
        lines.put("tokens", number(plan.tokens()));
        lines.put("rows to compute", number(plan.rowsToDo()));
        lines.put("rows of the output", number(plan.outputRows()));
        lines.put("size of the output", range(plan.outputBytes(), PlanReport::size));
        lines.put(
                "measured",
                String.format(
                        Locale.ROOT,
                        "%.1f s, %d tasks at once: %s rows/s, %s tokens/s; loading took %.1f s",
                        run.seconds(),
                        run.tasks(),
                        rate(run.documentsPerSecond()),
                        Summary.count(Math.round(run.tokensPerSecond())),
                        run.loadSeconds()));
        lines.put("time", range(plan.seconds(), PlanReport::clock));
        cost().ifPresent(cost -> lines.put("cost", cost));
        return lines;
    }

    /** By the prices that are set, of the cores that work and of the tokens. */
    private Optional<String> cost() {
        double ofCores = price("price.perCoreHour") * plan.cores() / 3600;
        double ofTokens = price("price.perMillionTokens") / 1e6;
        if (ofCores == 0 && ofTokens == 0) {
            return Optional.empty();
        }
        Plan.Run run = plan.run();
        double tokensPerRow = (double) run.tokens() / Math.max(1, run.documents());
        Estimate time = plan.seconds().times(ofCores);
        Estimate tokens = plan.rowsToDo().times(tokensPerRow * ofTokens);
        Estimate sum =
                new Estimate(time.value() + tokens.value(), time.low() + tokens.low(), time.high() + tokens.high());
        String currency = shown.getOrDefault("price.currency", "");
        return Optional.of((range(sum, PlanReport::money) + " " + currency).strip());
    }

    private double price(String key) {
        return settings.values().containsKey(key) ? settings.number(key) : 0;
    }

    private static String money(double amount) {
        return String.format(Locale.ROOT, "%,.2f", amount);
    }

    private static String model(ModelInspection model) {
        Map<String, Long> shape = model.shape();
        return model.facts().getOrDefault("architecture", model.modelType())
                + (model.parameters() > 0 ? ", " + Summary.count(model.parameters()) + " parameters" : "")
                + ", " + shape.getOrDefault("layers", 0L) + " layers of " + shape.getOrDefault("hidden", 0L)
                + ", at most " + Summary.count(shape.getOrDefault("maxPositions", 0L)) + " tokens"
                + (model.kvBytesPerToken() > 0
                        ? ", " + size((double) model.kvBytesPerToken()) + " of keys and values a token"
                        : "")
                + ", sha-256 " + model.ref().sha256().substring(0, 12);
    }

    private static String resume(ResumePlan resume) {
        if (!resume.refusal().isEmpty()) {
            return "the run would be refused: " + resume.refusal()
                    + (resume.differing().isEmpty() ? "" : ": " + String.join(", ", resume.differing()));
        }
        if (resume.madeBy().isEmpty()) {
            return "empty, everything is computed"
                    + (resume.unfinishedCommit() ? ", after a commit that was cut off is finished" : "");
        }
        return "holds " + Summary.count(resume.rowsKnown()) + " rows of " + resume.madeBy() + ", "
                + Summary.count(resume.rowsRejected()) + " of them rejected; "
                + (resume.mode().equals("overwrite")
                        ? "they are replaced"
                        : Summary.percent(resume.doneShare()) + " of the sample is done already");
    }

    private static String number(Estimate estimate) {
        return range(estimate, value -> Summary.count(Math.round(value)));
    }

    private static String range(Estimate estimate, java.util.function.DoubleFunction<String> shown) {
        return estimate.low() == estimate.high()
                ? shown.apply(estimate.value())
                : "about " + shown.apply(estimate.value()) + " (" + shown.apply(estimate.low()) + " to "
                        + shown.apply(estimate.high()) + ")";
    }

    private static String rate(double perSecond) {
        return perSecond < 10 ? String.format(Locale.ROOT, "%.2f", perSecond) : Summary.count(Math.round(perSecond));
    }

    static String size(double bytes) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
        int unit = 0;
        while (bytes >= 1000 && unit < units.length - 1) {
            bytes /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
    }

    static String clock(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return seconds < 7200
                ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }

    String json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("job", plan.job());
        json.put("explained", true);
        ArrayNode told = json.putArray("settings");
        for (ResolvedValue value : settings.values().values()) {
            told.addObject()
                    .put("key", value.setting().key())
                    .put("value", shown.get(value.setting().key()))
                    .put("level", value.origin().level().name().toLowerCase(Locale.ROOT))
                    .put("place", value.origin().place());
        }
        ArrayNode models = json.putArray("models");
        plan.models().forEach(model -> models.add(ModelsCommand.toJson(model)));
        json.put("memoryBytes", plan.memory());
        ObjectNode input = json.putObject("input");
        plan.input().inputs().forEach(input.putArray("paths")::add);
        input.put("format", plan.input().format()).put("files", plan.input().files());
        input.put("bytes", plan.input().bytes());
        json.put("tasks", plan.tasks()).put("cores", plan.cores());
        resume(json.putObject("output"));
        sample(json.putObject("sample"));
        json.set("rows", estimate(plan.rows()));
        json.set("tokens", estimate(plan.tokens()));
        json.set("rowsToCompute", estimate(plan.rowsToDo()));
        json.set("outputRows", estimate(plan.outputRows()));
        json.set("outputBytes", estimate(plan.outputBytes()));
        json.set("seconds", estimate(plan.seconds()));
        run(json.putObject("measured"));
        cost().ifPresent(cost -> json.put("cost", cost));
        plan.notes().forEach(json.putArray("notes")::add);
        return ReportJson.text(json);
    }

    private void resume(ObjectNode json) {
        ResumePlan resume = plan.resume();
        json.put("path", plan.output());
        json.put("mode", resume.mode());
        json.put("madeBy", resume.madeBy());
        json.put("rowsKnown", resume.rowsKnown());
        json.put("rowsRejected", resume.rowsRejected());
        json.put("unfinishedCommit", resume.unfinishedCommit());
        json.put("refusal", resume.refusal());
        resume.differing().forEach(json.putArray("differing")::add);
        json.put("doneShare", resume.doneShare());
    }

    private void sample(ObjectNode json) {
        Plan.Sample sample = plan.sample();
        json.put("rows", sample.rows());
        json.put("share", sample.share());
        json.put("places", sample.places());
        ObjectNode faults = json.putObject("faults");
        sample.faults().forEach(faults::put);
        json.put("meanTokens", sample.meanTokens());
        json.put("medianTokens", sample.medianTokens());
        json.put("p95Tokens", sample.p95Tokens());
        json.put("maxTokens", sample.maxTokens());
    }

    private void run(ObjectNode json) {
        Plan.Run run = plan.run();
        json.put("documents", run.documents());
        json.put("rows", run.rows());
        json.put("rejected", run.rejected());
        json.put("truncated", run.truncated());
        json.put("tokens", run.tokens());
        json.put("tasks", run.tasks());
        json.put("seconds", run.seconds());
        json.put("loadSeconds", run.loadSeconds());
        json.put("documentsPerSecond", run.documentsPerSecond());
        json.put("tokensPerSecond", run.tokensPerSecond());
    }

    private static ObjectNode estimate(Estimate estimate) {
        return new ObjectMapper()
                .createObjectNode()
                .put("value", estimate.value())
                .put("low", estimate.low())
                .put("high", estimate.high());
    }
}
