package io.textloom.model;

import java.io.Serializable;

/**
 * One file of a model folder.
 *
 * @param path relative to the folder, parts separated by {@code /}
 * @param bytes its size
 * @param sha256 of its content, in lower-case hexadecimal
 */
public record ModelFile(String path, long bytes, String sha256) implements Serializable {
    public ModelFile {
        Paths.requireRelative(path);
        Sha256.requireHex(sha256);
        if (bytes < 0) {
            throw new ModelException("The file " + path + " has " + bytes + " bytes; expected none or more");
        }
    }
}
