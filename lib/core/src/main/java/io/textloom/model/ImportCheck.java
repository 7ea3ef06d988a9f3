package io.textloom.model;

import java.nio.file.Path;

/** Proves that an imported folder computes what the ONNX file it came from computes. */
public interface ImportCheck {
    /**
     * @param onnx the file that was imported
     * @param imported the folder with the weights recovered from it
     * @throws ModelException if the two differ
     */
    void verify(Path onnx, ModelFolder imported);
}
