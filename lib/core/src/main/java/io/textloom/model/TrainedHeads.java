package io.textloom.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.tensor.HeadTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code heads.json}: the heads that {@code train heads} put on a folder's encoder. Their weights are in {@code heads.safetensors}: see docs/heads.md.
 *
 * @param dimensions length of the encoder's vectors
 * @param maxTokens longest window of the encoder that they were trained with, special tokens included; unit: tokens
 * @param trunk widths of the layers that all heads share, which every vector passes first
 * @param activation of all layers but the last
 */
public record TrainedHeads(
        int dimensions, int maxTokens, List<Integer> trunk, Activation activation, List<TrainedHead> heads) {
    public static final String FILE = "heads.json";
    public static final String WEIGHTS = "heads.safetensors";

    private static final int FORMAT_VERSION = 1;
    private static final int MAX_HEADS = 1000;

    public TrainedHeads {
        trunk = List.copyOf(trunk);
        heads = List.copyOf(heads);
        TrainedHead.requireWidth(FILE, dimensions);
        for (int width : trunk) {
            TrainedHead.requireWidth("trunk", width);
        }
        if (activation != Activation.RELU && activation != Activation.TANH) {
            throw new ModelException(FILE + " has the activation " + activation + "; expected relu or tanh");
        }
        if (heads.isEmpty() || heads.size() > MAX_HEADS) {
            throw new ModelException(FILE + " has " + heads.size() + " heads; expected 1 to " + MAX_HEADS);
        }
        Set<String> names = new HashSet<>();
        for (TrainedHead head : heads) {
            if (!names.add(head.name())) {
                throw new ModelException(FILE + " has two heads named " + head.name() + "; name each once");
            }
        }
    }

    /** Whether a folder has heads on frozen vectors. */
    public static boolean isIn(ModelFolder folder) {
        return Files.isRegularFile(folder.path().resolve(FILE));
    }

    /** @throws ModelException if the folder has none, or the file is not sound */
    public static TrainedHeads read(ModelFolder folder) {
        return of(Json.read(folder.path().resolve(FILE)));
    }

    /** Where the folder's weights of the heads are. */
    public static Path weights(ModelFolder folder) {
        return folder.path().resolve(WEIGHTS);
    }

    static TrainedHeads of(JsonNode json) {
        if (json.path("formatVersion").asInt() != FORMAT_VERSION) {
            throw new ModelException(FILE + " has formatVersion " + json.path("formatVersion") + "; expected "
                    + FORMAT_VERSION + ", as this version of Textloom writes it");
        }
        List<TrainedHead> heads = new ArrayList<>();
        for (JsonNode head : json.path("heads")) {
            heads.add(new TrainedHead(
                    head.path("name").asText(),
                    task(head.path("task").asText()),
                    head.path("pair").asBoolean(),
                    texts(head.path("labels")),
                    integers(head.path("hidden")),
                    head.path("scales").path(0).asDouble(),
                    head.path("scales").path(1).asDouble(),
                    head.path("temperature").asDouble()));
        }
        return new TrainedHeads(
                ConfigValues.integer(json, "dimensions"),
                ConfigValues.integer(json, "maxTokens"),
                integers(json.path("trunk")),
                Activation.byName("activation", json.path("activation").asText()),
                heads);
    }

    private static HeadTask task(String label) {
        try {
            return HeadTask.named(label);
        } catch (IllegalArgumentException e) {
            throw new ModelException(FILE + ": " + e.getMessage(), e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static List<Integer> integers(JsonNode list) {
        List<Integer> integers = new ArrayList<>();
        list.forEach(one -> integers.add(one.asInt()));
        return integers;
    }

    /** The file's content. */
    public byte[] json() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("formatVersion", FORMAT_VERSION);
        json.put("dimensions", dimensions);
        json.put("maxTokens", maxTokens);
        json.put("activation", activation.name().toLowerCase(Locale.ROOT));
        ArrayNode shared = json.putArray("trunk");
        trunk.forEach(shared::add);
        ArrayNode all = json.putArray("heads");
        for (TrainedHead head : heads) {
            ObjectNode one = all.addObject();
            one.put("name", head.name());
            one.put("task", head.task().label());
            one.put("pair", head.pair());
            ArrayNode labels = one.putArray("labels");
            head.labels().forEach(labels::add);
            ArrayNode hidden = one.putArray("hidden");
            head.hidden().forEach(hidden::add);
            one.putArray("scales").add(head.uScale()).add(head.vScale());
            one.put("temperature", head.temperature());
        }
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values has no JSON", e);
        }
    }

    /**
     * The head of a name.
     *
     * @param name empty for the only one
     * @throws IllegalArgumentException if there is none, or no name and several
     */
    public TrainedHead head(String name) {
        List<String> names = heads.stream().map(TrainedHead::name).toList();
        if (name.isEmpty() && heads.size() > 1) {
            throw new IllegalArgumentException(
                    "classify.head is empty but the model has the heads " + names + "; expected one of them");
        }
        Optional<TrainedHead> found = heads.stream()
                .filter(head -> name.isEmpty() || head.name().equals(name))
                .findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException(
                "classify.head is " + name + " but the model has the heads " + names + "; expected one of them"));
    }

    /** How long the vectors are that the heads' own layers see. */
    public int trunkOutput() {
        return trunk.isEmpty() ? dimensions : trunk.get(trunk.size() - 1);
    }

    /** The name of a layer's tensors, without {@code .weight} or {@code .bias}. */
    public static String trunkLayer(int number) {
        return "trunk." + number;
    }

    /** @param number {@code hidden().size()} for the last one, which gives the outputs */
    public static String headLayer(TrainedHead head, int number) {
        return "heads." + head.name() + "." + number;
    }
}
