package io.textloom.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Keeps the files of a model inside its folder, whatever links it holds: else a folder from a stranger could have any file of the machine read, hashed and quoted in messages.
 *
 * <p>Download caches are an exception, because they are how most models come to a machine: a folder {@code models--NAME/snapshots/REVISION} links to {@code
 * models--NAME/blobs}, so that there the boundary is {@code models--NAME}.
 */
final class FolderBoundary {
    private static final String SNAPSHOTS = "snapshots";
    private static final String CACHED_MODEL = "models--";

    private FolderBoundary() {}

    /**
     * The file with its links resolved.
     *
     * @param relative as {@link Paths#requireRelative} takes it
     * @throws ModelException if the file is missing or lies outside of the folder
     */
    static Path require(Path folder, String relative) {
        Path file = Paths.inside(folder, relative);
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(boundary(folder.toRealPath()))) {
                throw new ModelException(
                        "The file " + file + " is a link to " + real + ", outside of the model's folder;"
                                + " copy the file into the folder, or name the folder that holds it");
            }
            return real;
        } catch (NoSuchFileException e) {
            throw new ModelException(
                    "The file " + file + " is missing, or a link that leads nowhere; copy the whole" + " model folder",
                    e);
        } catch (IOException e) {
            throw new ModelException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The same where the folder may have no such file. */
    static void requireIfPresent(Path folder, String relative) {
        if (Files.exists(folder.resolve(relative), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            require(folder, relative);
        }
    }

    /** @param folder with its links resolved */
    private static Path boundary(Path folder) {
        for (Path at = folder; at.getParent() != null; at = at.getParent()) {
            Path snapshots = at.getParent();
            Path model = snapshots.getParent();
            if (model != null
                    && model.getFileName() != null
                    && String.valueOf(snapshots.getFileName()).equals(SNAPSHOTS)
                    && model.getFileName().toString().startsWith(CACHED_MODEL)) {
                return model;
            }
        }
        return folder;
    }
}
