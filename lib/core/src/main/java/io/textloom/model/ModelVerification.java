package io.textloom.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks a model folder against itself and against a hash that was told, reading nothing but plain data.
 *
 * @param checks what was looked at, in words; each problem names one
 * @param problems what is wrong, with what was expected and what to do; empty for a sound model
 */
public record ModelVerification(List<String> checks, List<String> problems) {
    private static final Pattern LAYER = Pattern.compile("(?:^|\\.)(?:layers?|h|block|blocks)\\.(\\d+)\\.");

    public ModelVerification {
        checks = List.copyOf(checks);
        problems = List.copyOf(problems);
    }

    public boolean ok() {
        return problems.isEmpty();
    }

    /** One more thing that was looked at, and what was wrong with it; empty for nothing. */
    public ModelVerification and(String check, String problem) {
        List<String> moreChecks = new ArrayList<>(checks);
        moreChecks.add(check);
        List<String> moreProblems = new ArrayList<>(problems);
        if (!problem.isEmpty()) {
            moreProblems.add(problem);
        }
        return new ModelVerification(moreChecks, moreProblems);
    }

    /**
     * @param ref the model as it is now
     * @param folder where it is on this machine
     * @param pin the hash it must have; empty for any
     * @param tokenizerIds opens the tokenizer at a path and tells how many ids it has
     */
    public static ModelVerification of(ModelRef ref, Path folder, ModelPins pin, ToIntFunction<Path> tokenizerIds) {
        ModelVerification result = new ModelVerification(List.of(), List.of());
        if (!pin.hashes().isEmpty()) {
            result = result.and("sha-256 as pinned", failure(() -> pin.require(List.of(ref))));
        }
        Optional<ModelRecord> record = ModelRecord.of(folder);
        if (record.isPresent()) {
            result = result.and("files as recorded when they were imported", changed(ref, record.get()));
        }
        result = result.and(
                "no file outside the folder",
                failure(() -> ref.files().forEach(file -> FolderBoundary.require(folder, file.path()))));
        Opened opened = new Opened();
        result = result.and(
                "config.json, and headers and sizes of the weights",
                failure(() -> opened.folder = ModelFolder.open(folder)));
        ModelFolder model = opened.folder;
        if (model == null) {
            return result;
        }
        result = result.and("shapes of the weights against config.json", failure(() -> requireShapes(model)));
        return result.and("tokenizer opens, ids within the vocabulary", failure(() -> {
            int ids = tokenizerIds.applyAsInt(model.tokenizer());
            int vocabulary = model.encoderSpec().vocabulary();
            if (ids > vocabulary) {
                throw new ModelException("The tokenizer of " + folder + " has " + ids + " ids but the model "
                        + vocabulary + "; they belong to different models, copy both from one place");
            }
        }));
    }

    private static final class Opened {
        @org.jspecify.annotations.Nullable
        ModelFolder folder;
    }

    private interface Look {
        void look() throws IOException;
    }

    private static String failure(Look look) {
        try {
            look.look();
            return "";
        } catch (IOException | RuntimeException e) {
            return Optional.ofNullable(e.getMessage())
                    .orElse(e.getClass().getSimpleName())
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    private static String changed(ModelRef ref, ModelRecord record) {
        List<String> differing = new ArrayList<>();
        Set<String> there = new HashSet<>();
        for (ModelFile file : ref.files()) {
            there.add(file.path());
            if (!file.sha256().equals(record.files().getOrDefault(file.path(), ""))) {
                differing.add(file.path());
            }
        }
        record.files().keySet().stream().filter(file -> !there.contains(file)).forEach(differing::add);
        return differing.isEmpty()
                ? ""
                : "The files " + String.join(", ", differing) + " are not those that were imported from "
                        + record.source() + " (sha-256 " + record.sha256()
                        + "); import the model again, or delete " + ModelRecord.FILE + " if the change was meant";
    }

    private static void requireShapes(ModelFolder model) throws IOException {
        if (model.weights().isEmpty()) {
            if (Files.size(model.onnx().orElseThrow()) == 0) {
                throw new ModelException("The ONNX file of " + model + " is empty; copy the model again");
            }
            return;
        }
        EncoderSpec spec = model.encoderSpec();
        Set<Integer> layers = new HashSet<>();
        boolean embeddings = false;
        for (TensorInfo tensor : model.weights().get().tensors()) {
            Matcher layer = LAYER.matcher(tensor.name());
            if (layer.find()) {
                layers.add(Integer.valueOf(layer.group(1)));
            }
            embeddings |= tensor.shape().equals(List.of((long) spec.vocabulary(), (long) spec.hidden()));
        }
        if (!embeddings) {
            throw new ModelException("The weights of " + model + " have no tensor [" + spec.vocabulary() + ", "
                    + spec.hidden() + "], the token embeddings that config.json asks for;"
                    + " config.json and the weights belong to different models");
        }
        for (int i = 0; i < spec.layers(); i++) {
            if (!layers.contains(i)) {
                throw new ModelException("The weights of " + model + " have no layer " + i + " of the "
                        + spec.layers() + " that config.json asks for; found " + layers.size()
                        + ", copy all files of one model");
            }
        }
    }
}
