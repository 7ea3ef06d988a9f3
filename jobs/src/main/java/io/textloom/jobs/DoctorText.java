package io.textloom.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.jobs.doctor.Checkup;
import io.textloom.jobs.doctor.Finding;
import io.textloom.jobs.doctor.Finding.Status;
import io.textloom.spark.lineage.Redaction;
import java.util.Locale;

/** What the doctor found, as a table and as JSON. */
final class DoctorText {
    private DoctorText() {}

    static String of(Checkup checkup) {
        int width = checkup.entries().stream()
                .mapToInt(e -> e.finding().what().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder("doctor\n");
        String part = "";
        for (Checkup.Entry entry : checkup.entries()) {
            if (!entry.part().equals(part)) {
                part = entry.part();
                text.append("  ").append(part).append('\n');
            }
            Finding finding = entry.finding();
            text.append("    ")
                    .append(String.format(Locale.ROOT, "%-8s", label(finding.status())))
                    .append(finding.what())
                    .append(" ".repeat(width - finding.what().length() + 2))
                    .append(Redaction.text(finding.found()))
                    .append('\n');
            more(text, "expected", finding.expected(), finding.status());
            more(text, "remedy", finding.remedy(), finding.status());
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "  %d ok, %d warnings, %d failed%n",
                        checkup.count(Status.OK),
                        checkup.count(Status.WARNING),
                        checkup.count(Status.FAILED)))
                .toString();
    }

    private static void more(StringBuilder text, String name, String value, Status status) {
        if (status != Status.OK && !value.isEmpty()) {
            text.append("            ")
                    .append(name)
                    .append(": ")
                    .append(Redaction.text(value))
                    .append('\n');
        }
    }

    private static String label(Status status) {
        return status == Status.OK ? "ok" : status.name().toLowerCase(Locale.ROOT);
    }

    static String json(Checkup checkup) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("command", "doctor");
        json.put("ok", checkup.sound());
        json.put("warnings", checkup.count(Status.WARNING));
        json.put("failed", checkup.count(Status.FAILED));
        ArrayNode findings = json.putArray("findings");
        for (Checkup.Entry entry : checkup.entries()) {
            Finding finding = entry.finding();
            findings.addObject()
                    .put("part", entry.part())
                    .put("what", finding.what())
                    .put("status", label(finding.status()))
                    .put("found", Redaction.text(finding.found()))
                    .put("expected", Redaction.text(finding.expected()))
                    .put("remedy", Redaction.text(finding.remedy()));
        }
        return ReportJson.text(json);
    }
}
