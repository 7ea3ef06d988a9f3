package io.textloom.train.heads;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.model.ModelFile;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.model.Safetensors;
import io.textloom.model.TrainedHeads;
import io.textloom.spark.train.TrainingFolder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The trained heads as a folder that {@code classify --model} takes: the encoder's files, the heads beside them, and how they did. */
final class HeadFiles {
    static final String CURVE = "_textloom/curve.tsv";
    static final String EVALUATION = "evaluation.json";
    private static final String CONFIG = "config.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TrainingFolder folder;
    private final SortedMap<String, String> hashes = new TreeMap<>();

    HeadFiles(TrainingFolder folder) {
        this.folder = folder;
    }

    /** Which files a training writes; config.json first, so that a folder that is cleared is no model. */
    static List<String> all(ModelRef encoder, List<String> heads) {
        List<String> names =
                new ArrayList<>(List.of(CONFIG, TrainedHeads.FILE, TrainedHeads.WEIGHTS, EVALUATION, CURVE));
        encoder.files().forEach(file -> names.add(file.path()));
        heads.forEach(head -> names.add(confusion(head)));
        return names;
    }

    /** file → sha-256 of what was written */
    SortedMap<String, String> hashes() {
        return hashes;
    }

    private void write(String name, TrainingFolder.Content content) {
        hashes.put(name, folder.write(name, content));
    }

    void heads(TrainedHeads heads, List<Weights> weights) {
        Map<String, Safetensors.FloatTensor> tensors = new LinkedHashMap<>();
        weights.forEach(own -> own.tensors(tensors));
        write(TrainedHeads.WEIGHTS, out -> Safetensors.write(out, tensors, Map.of("format", "pt")));
        write(TrainedHeads.FILE, out -> out.write(heads.json()));
    }

    /** The encoder's own files, config.json last. */
    void encoder(ModelRef ref, ModelFolder local) {
        for (ModelFile file : ref.files()) {
            boolean ofHeads =
                    file.path().equals(TrainedHeads.FILE) || file.path().equals(TrainedHeads.WEIGHTS);
            if (!ofHeads && !file.path().equals(CONFIG)) {
                write(file.path(), out -> Files.copy(local.path().resolve(file.path()), out));
            }
        }
        write(CONFIG, out -> Files.copy(local.path().resolve(CONFIG), out));
    }

    void curve(List<HeadPlan> plans, Course course) {
        write(CURVE, out -> {
            Writer lines = writer(out);
            lines.write("epoch\thead\tloss\tdev_loss\tdev_score\n");
            for (Course.Epoch epoch : course.epochs()) {
                lines.write(String.format(
                        Locale.ROOT,
                        "%d\t%s\t%.6f\t%.6f\t%.6f\n",
                        epoch.epoch() + 1,
                        plans.get(epoch.head()).head().name(),
                        epoch.loss(),
                        epoch.devLoss(),
                        epoch.score()));
            }
            lines.flush();
        });
    }

    /** @param measures of each head */
    void evaluation(List<HeadPlan> plans, Course course, List<Map<String, Double>> measures) {
        ObjectNode json = JSON.createObjectNode();
        json.put("bestEpoch", course.bestEpoch() + 1);
        ObjectNode all = json.putObject("heads");
        for (int i = 0; i < plans.size(); i++) {
            ObjectNode head = all.putObject(plans.get(i).head().name());
            measures.get(i).forEach(head::put);
        }
        write(EVALUATION, out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json)));
    }

    /** A line for each right label, a column for each that was found. */
    void confusion(HeadPlan plan, long[][] confusion) {
        if (confusion.length == 0) {
            return;
        }
        write(confusion(plan.head().name()), out -> {
            Writer lines = writer(out);
            List<String> labels = plan.head().labels().stream()
                    .map(label -> label.replaceAll("[\\t\\r\\n]", " "))
                    .toList();
            lines.write("right\\found\t" + String.join("\t", labels) + "\n");
            for (int i = 0; i < confusion.length; i++) {
                lines.write(labels.get(i));
                for (long count : confusion[i]) {
                    lines.write("\t" + count);
                }
                lines.write("\n");
            }
            lines.flush();
        });
    }

    private static String confusion(String head) {
        return "confusion-" + head + ".tsv";
    }

    private static Writer writer(OutputStream out) throws IOException {
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }
}
