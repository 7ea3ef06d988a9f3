package io.textloom.model;

import java.nio.file.Path;

/** Proves that an imported folder computes what the ONNX file it came from computes. */
public interface ImportCheck {
    /**
     * Opens a file that a stranger made where nothing can be lost if the native runtime does not survive it.
     *
     * @throws ModelException if it cannot be opened
     */
    default void probe(Path onnx) {}

    /**
     * @param onnx the file that was imported
     * @param imported the folder with the weights recovered from it
     * @throws ModelException if the two differ
     */
    void verify(Path onnx, ModelFolder imported);
}
