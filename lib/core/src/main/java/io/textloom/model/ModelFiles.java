package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Which files of a model folder matter to Textloom; the rest of a repository (other formats, pictures) is not copied or hashed. */
final class ModelFiles {
    static final List<String> ONNX = List.of("onnx/model.onnx", "model.onnx");

    static final String CONFIG = "config.json";
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String MODULES = "modules.json";
    private static final String CHATS = "additional_chat_templates";
    private static final List<String> SMALL = List.of(
            CONFIG,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            WordVectorSpec.PHRASES,
            "chat_template.jinja",
            "chat_template.json",
            MODULES,
            "sentence_bert_config.json",
            "config_sentence_transformers.json",
            TrainedHeads.FILE,
            TrainedHeads.WEIGHTS);

    /** Read where a prompt is made of chats. */
    private static final String TEMPLATES = "additional_chat_templates";

    private static final List<String> CHAT = List.of("chat_template.json", TEMPLATES);

    private ModelFiles() {}

    /**
     * The files that matter, relative to {@code folder}: of a model, or of a tokenizer alone, as training one leaves it.
     *
     * @throws ModelException if the folder is missing, or its config.json or weights are and it holds more than a tokenizer
     */
    static Set<String> list(FileSystem fs, Path folder) throws IOException {
        Set<String> top = names(fs, folder);
        List<String> weights = weights(fs, folder, top);
        if (!top.contains(CONFIG) && weights.isEmpty() && TokenizerFiles.among(top)) {
            Set<String> tokenizer = new TreeSet<>(SMALL);
            tokenizer.retainAll(top);
            return tokenizer;
        }
        if (!top.contains(CONFIG)) {
            throw new ModelException("The folder " + folder + " has no config.json; expected a model in Hugging Face"
                    + " layout: config.json, tokenizer.json and model.safetensors or onnx/model.onnx");
        }
        Set<String> files = new TreeSet<>(SMALL);
        files.retainAll(top);
        if (top.contains(MODULES)) {
            for (JsonNode module : json(fs, folder, MODULES)) {
                String path = module.path("path").asText("");
                if (!path.isEmpty() && fs.exists(new Path(folder, Paths.requireRelative(path + "/" + CONFIG)))) {
                    files.add(path + "/" + CONFIG);
                }
            }
        }
        if (top.contains(CHATS)) {
            for (String name : names(fs, new Path(folder, CHATS))) {
                if (name.endsWith(".jinja")) {
                    files.add(CHATS + "/" + name);
                }
            }
        }
        if (weights.isEmpty()) {
            throw new ModelException("The folder " + folder + " has no weights; expected model.safetensors, " + INDEX
                    + " with its shards, or onnx/model.onnx" + Unread.remedy(top));
        }
        files.addAll(weights);
        return files;
    }

    /**
     * Looks at the links of a local folder among the files that Textloom reads by name; shards, modules and external data are looked at where they are named.
     *
     * @throws ModelException if one leads out of the folder
     */
    static void requireInside(java.nio.file.Path folder) {
        for (List<String> names : List.of(SMALL, CHAT, ONNX, List.of(SINGLE, INDEX))) {
            for (String name : names) {
                FolderBoundary.requireIfPresent(folder, name);
            }
        }
        java.nio.file.Path templates = folder.resolve(TEMPLATES);
        if (java.nio.file.Files.isDirectory(templates)) {
            try (Stream<java.nio.file.Path> files = java.nio.file.Files.list(templates)) {
                files.forEach(file -> FolderBoundary.require(folder, TEMPLATES + "/" + file.getFileName()));
            } catch (IOException e) {
                throw new ModelException("Cannot list " + templates + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<String> weights(FileSystem fs, Path folder, Set<String> top) throws IOException {
        List<String> files = new ArrayList<>();
        if (top.contains(SINGLE)) {
            files.add(SINGLE);
        } else if (top.contains(INDEX)) {
            files.add(INDEX);
            for (JsonNode shard : json(fs, folder, INDEX).path("weight_map")) {
                files.add(Paths.requireRelative(shard.asText()));
            }
        } else {
            for (String onnx : ONNX) {
                if (files.isEmpty() && fs.exists(new Path(folder, onnx))) {
                    files.add(onnx);
                    for (String data : List.of(onnx + "_data", onnx + ".data")) {
                        if (fs.exists(new Path(folder, data))) {
                            files.add(data);
                        }
                    }
                }
            }
        }
        return files;
    }

    private static Set<String> names(FileSystem fs, Path folder) throws IOException {
        try {
            Set<String> names = new TreeSet<>();
            for (FileStatus status : fs.listStatus(folder)) {
                names.add(status.getPath().getName());
            }
            return names;
        } catch (FileNotFoundException e) {
            throw new ModelException(
                    "There is no model folder " + folder + "; expected one of the built-in models "
                            + BuiltinModel.names()
                            + ", a local folder or a Hadoop URI of a folder (nothing is downloaded)",
                    e);
        }
    }

    private static JsonNode json(FileSystem fs, Path folder, String name) throws IOException {
        try (InputStream in = fs.open(new Path(folder, name))) {
            Path file = new Path(folder, name);
            return Json.read(in, fs.getFileStatus(file).getLen(), file.toString());
        }
    }
}
