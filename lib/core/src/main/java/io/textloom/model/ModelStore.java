package io.textloom.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Finds models by name and brings them to the machine that runs them: {@link #resolve} on the driver, {@link #localise} on executors.
 */
public final class ModelStore {
    private static final Pattern SCHEME = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]+:.*");

    private final ImportCheck check;
    private final ModelCache cache;

    /** @param check run once when a model is imported from ONNX on a machine */
    public ModelStore(ImportCheck check) {
        this(check, ModelCache.ofMachine());
    }

    ModelStore(ImportCheck check, ModelCache cache) {
        this.check = check;
        this.cache = cache;
    }

    /** Names of the models on the class path. */
    public static List<String> builtinNames() {
        return BuiltinModel.names();
    }

    /**
     * Finds a model and hashes its files.
     *
     * @param nameOrPath a built-in model, a local folder, or the URI of a folder on any Hadoop file system
     * @throws ModelException if there is no such model
     */
    public ModelRef resolve(String nameOrPath, Configuration hadoop) {
        try {
            Optional<BuiltinModel> builtin = BuiltinModel.byName(nameOrPath);
            if (builtin.isPresent()) {
                Path folder = builtinFolder(builtin.get(), d -> true);
                return hashed(nameOrPath, ModelRef.BUILTIN + builtin.get().modelName(), folder.toUri(), hadoop);
            }
            URI uri = uri(nameOrPath, hadoop);
            return hashed(nameOrPath, uri.toString(), uri, hadoop);
        } catch (IOException e) {
            throw new ModelException("Cannot read the model " + nameOrPath + ": " + e.getMessage(), e);
        }
    }

    /** Where the files of a model that {@link #resolve} found can be read on this machine. */
    org.apache.hadoop.fs.Path folder(ModelRef ref, Configuration hadoop) {
        if (!ref.uri().startsWith(ModelRef.BUILTIN)) {
            return new org.apache.hadoop.fs.Path(URI.create(ref.uri()));
        }
        String name = ref.uri().substring(ModelRef.BUILTIN.length());
        BuiltinModel model = BuiltinModel.byName(name).orElseThrow();
        return new org.apache.hadoop.fs.Path(builtinFolder(model, d -> true).toUri());
    }

    /**
     * The model as a folder of this machine. A {@code file:} folder is used where it is, its hashes checked; anything else is copied once into the cache
     * and verified against the hashes of {@code ref}.
     *
     * <p>An encoder that comes as an ONNX file alone is imported once into the cache, so that it runs as a fused graph; if its weights
     * cannot be recovered, the folder is returned as it is.
     */
    public ModelFolder localise(ModelRef ref, Configuration hadoop) {
        ModelFolder model = ModelFolder.open(localFolder(ref, hadoop));
        if (ref.uri().startsWith(ModelRef.BUILTIN)) {
            return model;
        }
        if (model.weights().isPresent() || model.architecture() != Architecture.BERT) {
            return model;
        }
        try {
            return ModelFolder.open(
                    cache.get("import-" + ref.sha256(), ModelStore::opens, d -> recover(ref, model, d)));
        } catch (ModelException e) {
            if (e.getCause() instanceof IOException) {
                throw e; // a full disk, say: this machine must not run another graph than the others
            }
            return model;
        }
    }

    /**
     * What the tokenizer of a model, or of a folder that holds one alone, is read from on this machine: tokenizer.json, or a folder with an older vocabulary.
     *
     * @throws ModelException if there is none
     */
    public Path localiseTokenizer(ModelRef ref, Configuration hadoop) {
        return TokenizerFiles.in(localFolder(ref, hadoop));
    }

    private Path localFolder(ModelRef ref, Configuration hadoop) {
        if (ref.uri().startsWith(ModelRef.BUILTIN)) {
            return localBuiltin(ref);
        }
        URI uri = URI.create(ref.uri());
        return "file".equals(uri.getScheme())
                ? inPlace(ref, Path.of(uri.getPath()))
                : cache.get(ref.sha256(), d -> intact(ref, d), d -> copy(ref, uri, hadoop, d));
    }

    private static boolean opens(Path folder) {
        try {
            return ModelFolder.open(folder).weights().isPresent();
        } catch (ModelException e) {
            return false;
        }
    }

    private void recover(ModelRef ref, ModelFolder model, Path directory) throws IOException {
        for (ModelFile file : ref.files()) {
            if (file.path().endsWith(".json") || file.path().endsWith(".txt")) {
                Path copy = Paths.inside(directory, file.path());
                Files.createDirectories(copy.resolveSibling("."));
                Files.copy(Paths.inside(model.path(), file.path()), copy);
            }
        }
        Path onnx = model.onnx().orElseThrow();
        check.probe(onnx);
        Safetensors.write(
                directory.resolve("model.safetensors"),
                OnnxWeights.recover(onnx, BertSpec.of(BertSpec.Family.BERT, model.config())),
                Map.of("format", "pt"));
        check.verify(onnx, ModelFolder.open(directory));
    }

    /**
     * Writes a built-in model as a plain folder that sentence-transformers and transformers open, too.
     *
     * @param directory created if it is not there; must be empty
     */
    public void importTo(String builtinName, Path directory) {
        BuiltinModel model = BuiltinModel.byName(builtinName)
                .orElseThrow(() -> new ModelException(
                        "There is no built-in model \"" + builtinName + "\"; there are " + BuiltinModel.names()));
        try {
            Files.createDirectories(directory);
            try (var entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    throw new ModelException("The directory " + directory + " is not empty; name a new one");
                }
            }
            writeOrLeaveEmpty(model, directory);
        } catch (IOException e) {
            throw new ModelException("Cannot write the model " + builtinName + " to " + directory, e);
        }
    }

    private void writeOrLeaveEmpty(BuiltinModel model, Path directory) throws IOException {
        boolean done = false;
        try {
            model.write(directory, check);
            done = true;
        } finally {
            if (!done) {
                ModelCache.delete(directory);
            }
        }
    }

    private Path builtinFolder(BuiltinModel model, ModelCache.Check intact) {
        return cache.get(model.cacheKey(), intact, d -> model.write(d, check));
    }

    private Path localBuiltin(ModelRef ref) {
        String name = ref.uri().substring(ModelRef.BUILTIN.length());
        BuiltinModel model = BuiltinModel.byName(name)
                .orElseThrow(() -> new ModelException("This machine's Textloom has no built-in model \"" + name
                        + "\"; run the same jar on driver and executors"));
        Path folder = builtinFolder(model, d -> intact(ref, d));
        try {
            if (!intact(ref, folder)) {
                throw new ModelException("The built-in model " + name + " differs between driver and this machine"
                        + " (expected sha-256 " + ref.sha256() + "); run the same jar on both");
            }
        } catch (IOException e) {
            throw new ModelException("Cannot read the built-in model " + folder, e);
        }
        return folder;
    }

    private static URI uri(String nameOrPath, Configuration hadoop) throws IOException {
        if (SCHEME.matcher(nameOrPath).matches()) {
            return new org.apache.hadoop.fs.Path(nameOrPath).toUri();
        }
        Path local = Path.of(nameOrPath).toAbsolutePath().normalize();
        FileSystem standard = FileSystem.get(hadoop);
        if (Files.isDirectory(local) || "file".equals(standard.getScheme())) {
            return new org.apache.hadoop.fs.Path("file", null, local.toString()).toUri();
        }
        return standard.makeQualified(new org.apache.hadoop.fs.Path(nameOrPath)).toUri();
    }

    private static ModelRef hashed(String name, String shownUri, URI folder, Configuration hadoop) throws IOException {
        FileSystem fs = FileSystem.get(folder, hadoop);
        org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(folder);
        List<ModelFile> files = new ArrayList<>();
        for (String path : ModelFiles.list(fs, root)) {
            if ("file".equals(folder.getScheme())) {
                FolderBoundary.require(Path.of(folder.getPath()), path);
            }
            org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(root, path);
            FileStatus status = fs.getFileStatus(file);
            try (InputStream in = fs.open(file)) {
                files.add(new ModelFile(path, status.getLen(), Sha256.copy(in, OutputStream.nullOutputStream())));
            }
        }
        return ModelRef.of(name, shownUri, files);
    }

    private static Path inPlace(ModelRef ref, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelException("The model folder " + folder + " does not exist on this machine; put it on a file"
                    + " system that driver and executors share (hdfs:, s3a:) or at the same path on every machine");
        }
        for (ModelFile file : ref.files()) {
            Path local = Paths.inside(folder, file.path());
            try {
                if (Files.size(local) != file.bytes() || !Sha256.of(local).equals(file.sha256())) {
                    throw new ModelException("The file " + local + " is not the one the job started with (expected "
                            + file.bytes() + " bytes, sha-256 " + file.sha256()
                            + "); keep the same model on every machine, and do not change it while a job runs");
                }
            } catch (IOException e) {
                throw new ModelException(
                        "The file " + local + " is missing on this machine; copy the whole model folder", e);
            }
        }
        return folder;
    }

    private static boolean intact(ModelRef ref, Path folder) throws IOException {
        for (ModelFile file : ref.files()) {
            Path local = Paths.inside(folder, file.path());
            if (!Files.isRegularFile(local)
                    || Files.size(local) != file.bytes()
                    || !Sha256.of(local).equals(file.sha256())) {
                return false;
            }
        }
        return true;
    }

    private static void copy(ModelRef ref, URI uri, Configuration hadoop, Path directory) throws IOException {
        org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(uri);
        FileSystem fs = root.getFileSystem(hadoop);
        for (ModelFile file : ref.files()) {
            Path local = Paths.inside(directory, file.path());
            Files.createDirectories(local.resolveSibling("."));
            String hash;
            try (InputStream in = fs.open(new org.apache.hadoop.fs.Path(root, file.path()));
                    OutputStream out = Files.newOutputStream(local)) {
                hash = Sha256.copy(in, out);
            }
            if (!hash.equals(file.sha256())) {
                throw new ModelException("The file " + file.path() + " of " + uri + " has sha-256 " + hash
                        + " but had " + file.sha256()
                        + " when the job started; do not change a model while a job runs, or copy it again");
            }
        }
    }
}
