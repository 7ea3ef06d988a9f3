package io.textloom.jobs.doctor;

import io.textloom.model.ModelFolder;
import io.textloom.model.ModelInspection;
import io.textloom.model.ModelInspector;
import io.textloom.model.ModelPins;
import io.textloom.model.ModelRef;
import io.textloom.model.ModelVerification;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.ModelTrial;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The model from its files to its first result on this machine. */
public final class ModelCheck implements Check {
    private final String model;
    private final String pin;
    private final Configuration conf;

    /** @param pin SHA-256 that it must have; empty for any */
    public ModelCheck(String model, String pin, Configuration conf) {
        this.model = model;
        this.pin = pin;
        this.conf = conf;
    }

    @Override
    public String part() {
        return "model";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        ModelRef ref = ModelLeases.store().resolve(model, conf);
        ModelFolder folder = ModelLeases.store().localise(ref, conf);
        findings.add(Finding.ok(
                "files",
                ref.files().size() + " files, " + JavaCheck.gib(ref.totalBytes()) + ", sha-256 " + ref.sha256()));
        ModelInspection inspection = ModelInspector.inspect(ref, folder.path());
        findings.add(Finding.require(
                !inspection.servedJobs().isEmpty(),
                "architecture",
                inspection.facts().getOrDefault("architecture", inspection.modelType()) + ", " + inspection.shape()
                        + ", for " + String.join(", ", inspection.servedJobs()),
                "one that a job can use",
                "choose another model; models inspect says what is unsupported"));
        ModelVerification verification =
                ModelVerification.of(ref, folder.path(), ModelPins.of(pin), ModelCheck::tokenizerIds);
        verification
                .problems()
                .forEach(problem -> findings.add(
                        Finding.failed("folder", problem, "a sound folder", "the message says what to do")));
        if (verification.ok()) {
            findings.add(Finding.ok("folder", String.join("; ", verification.checks())));
        }
        ModelTrial trial = ModelTrial.run(ref, conf);
        findings.add(Finding.ok("trial", trial.text()));
        return findings;
    }

    /** Number of ids of the tokenizer at a path. */
    public static int tokenizerIds(Path path) {
        try (Tokenizer tokenizer = Tokenizers.open(path)) {
            return tokenizer.vocabularySize();
        }
    }
}
