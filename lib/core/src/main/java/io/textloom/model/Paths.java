package io.textloom.model;

import java.nio.file.Path;

/** Relative paths of model files, which come from files that strangers wrote. */
final class Paths {
    private Paths() {}

    /** @throws ModelException unless {@code relative} names something below a folder: no root, no {@code ..}, no backslash */
    static String requireRelative(String relative) {
        boolean bad = relative.isEmpty()
                || relative.startsWith("/")
                || relative.indexOf('\\') >= 0
                || relative.indexOf(':') >= 0
                || relative.indexOf('\0') >= 0;
        for (String part : relative.split("/", -1)) {
            bad |= part.equals("..") || part.equals(".") || part.isEmpty();
        }
        if (bad) {
            throw new ModelException(
                    "The model names the file \"" + relative + "\", which is not a plain path inside its folder");
        }
        return relative;
    }

    static Path inside(Path folder, String relative) {
        return folder.resolve(requireRelative(relative));
    }
}
