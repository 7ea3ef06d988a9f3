package io.textloom.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Copies a model to a folder of its own on any Hadoop file system: the files that matter, each checked while it is copied, and a {@link ModelRecord}. The folder
 * appears whole, by one rename. A built-in model comes with its weights as safetensors.
 */
public final class ModelImport {
    private final ModelStore store;
    private final Configuration conf;

    public ModelImport(ModelStore store, Configuration conf) {
        this.store = store;
        this.conf = conf;
    }

    /**
     * @param nameOrPath as {@link ModelStore#resolve} takes it, or a repository of a download cache, whose {@code refs/main} is taken, or a file of word vectors
     *     (.vec, .txt or .bin, as word2vec, gensim and fastText write them)
     * @param output directory to make; an empty one may be there
     * @return the copy
     * @throws ModelException if there is no such model, or it cannot be written
     */
    public ModelRef copy(String nameOrPath, String output) {
        try {
            Path target = new Path(output);
            if (isWordVectors(nameOrPath)) {
                try (FileSystem fs = fileSystem(target, output)) {
                    writeWordVectors(new Path(nameOrPath), fs, fs.makeQualified(target));
                }
                return store.resolve(output, conf);
            }
            ModelRef asked = store.resolve(snapshot(nameOrPath), conf);
            ModelFolder folder = store.localise(asked, conf);
            ModelRef source = store.resolve(folder.path().toUri().toString(), conf);
            try (FileSystem fs = fileSystem(target, output)) {
                write(asked, source, folder, fs, fs.makeQualified(target));
            }
            return ModelRef.of(output, target.toString(), source.files());
        } catch (IOException e) {
            throw new ModelException(
                    "Cannot import " + nameOrPath + " to " + output + ": " + e.getMessage()
                            + "; check the space and the write access there",
                    e);
        }
    }

    private static java.net.URI local(String output) {
        return java.nio.file.Path.of(output).toAbsolutePath().toUri();
    }

    private FileSystem fileSystem(Path target, String output) throws IOException {
        FileSystem fs =
                FileSystem.newInstance(target.toUri().getScheme() == null ? local(output) : target.toUri(), conf);
        if (fs instanceof ChecksumFileSystem checked) {
            checked.setWriteChecksum(false); // a model folder holds no .crc files
        }
        return fs;
    }

    private boolean isWordVectors(String nameOrPath) throws IOException {
        if (!WordVectorReader.isNamedSo(nameOrPath)) {
            return false;
        }
        Path file = new Path(nameOrPath);
        FileSystem fs = file.getFileSystem(conf);
        return fs.exists(file) && fs.getFileStatus(file).isFile();
    }

    private void writeWordVectors(Path file, FileSystem fs, Path target) throws IOException {
        writeWhole(fs, target, draft -> {
            fs.mkdirs(draft);
            try (WordVectorReader reader =
                    WordVectorReader.open(file.getFileSystem(conf).open(file), file.getName())) {
                new WordVectorImport().write(reader, fs, draft);
            }
        });
    }

    private void write(ModelRef asked, ModelRef source, ModelFolder folder, FileSystem fs, Path target)
            throws IOException {
        writeWhole(fs, target, draft -> {
            for (ModelFile file : source.files()) {
                Path copy = new Path(draft, file.path());
                fs.mkdirs(copy.getParent());
                String hash;
                try (InputStream in = java.nio.file.Files.newInputStream(Paths.inside(folder.path(), file.path()));
                        OutputStream out = fs.create(copy, false)) {
                    hash = Sha256.copy(in, out);
                }
                if (!hash.equals(file.sha256())) {
                    throw new ModelException("The file " + file.path() + " of " + asked.name()
                            + " changed while it was copied; import it again");
                }
            }
            ModelRecord record = ModelRecord.of(ModelRef.of(asked.name(), asked.uri(), source.files()));
            try (OutputStream out = fs.create(new Path(draft, ModelRecord.FILE), false)) {
                out.write(record.toJson());
            }
        });
    }

    /** Fills a directory. */
    private interface Filling {
        void fill(Path directory) throws IOException;
    }

    private static void writeWhole(FileSystem fs, Path target, Filling filling) throws IOException {
        if (fs.exists(target) && (!fs.getFileStatus(target).isDirectory() || fs.listStatus(target).length > 0)) {
            throw new ModelException("The directory " + target + " is not empty; name a new one");
        }
        Path parent = target.getParent();
        Path draft = new Path(parent, "." + target.getName() + ".import-" + UUID.randomUUID());
        try {
            filling.fill(draft);
            if (fs.exists(target)) {
                fs.delete(target, false);
            }
            if (!fs.rename(draft, target)) {
                throw new IOException("the finished copy cannot be renamed to " + target);
            }
        } finally {
            fs.delete(draft, true);
        }
    }

    /** A repository in a download cache has {@code refs} and {@code snapshots}; anything else stays as it is. */
    private String snapshot(String nameOrPath) throws IOException {
        if (BuiltinModel.byName(nameOrPath).isPresent()) {
            return nameOrPath;
        }
        Path root = new Path(nameOrPath);
        FileSystem fs = root.getFileSystem(conf);
        Path main = new Path(root, "refs/main");
        if (fs.exists(new Path(root, "config.json")) || !fs.exists(main)) {
            return nameOrPath;
        }
        try (InputStream in = fs.open(main)) {
            String revision = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Path(root, "snapshots/" + Paths.requireRelative(revision)).toString();
        }
    }
}
