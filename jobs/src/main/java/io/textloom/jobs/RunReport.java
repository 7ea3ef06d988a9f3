package io.textloom.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.config.StepFile.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of the steps of a run. */
final class RunReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOT_RUN = "not run";

    private final List<Step> steps;
    private final Map<String, Ended> ended = new HashMap<>();

    RunReport(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    private record Ended(Outcome outcome, double seconds) {}

    void ended(Step step, Outcome outcome, double seconds) {
        ended.put(step.name(), new Ended(outcome, seconds));
    }

    /** One line for each step: name, job, exit code, time, what came out. */
    String text() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"step", "job", "exit", "seconds", ""});
        for (Step step : steps) {
            Ended end = ended.get(step.name());
            String job = step.settings().job().title();
            rows.add(
                    end == null
                            ? new String[] {step.name(), job, "", "", NOT_RUN}
                            : new String[] {
                                step.name(),
                                job,
                                String.valueOf(end.outcome().exit().code()),
                                String.format(Locale.ROOT, "%.1f", end.seconds()),
                                end.outcome().line()
                            });
        }
        StringBuilder text = new StringBuilder("run\n");
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < row.length; i++) {
                line.append(' ').append(row[i]).append(" ".repeat(width(rows, i) - row[i].length() + 1));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(List<String[]> rows, int column) {
        return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
    }

    String json() {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode list = json.put("job", "run").putArray("steps");
        for (Step step : steps) {
            ObjectNode node = list.addObject()
                    .put("name", step.name())
                    .put("job", step.settings().job().title());
            Ended end = ended.get(step.name());
            if (end == null) {
                node.put("outcome", NOT_RUN);
                continue;
            }
            node.put("exitCode", end.outcome().exit().code());
            node.put("seconds", end.seconds());
            node.put("outcome", end.outcome().line());
            try {
                node.set("report", JSON.readTree(end.outcome().json()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("A report is no JSON", e);
            }
        }
        return ReportJson.text(json);
    }
}
