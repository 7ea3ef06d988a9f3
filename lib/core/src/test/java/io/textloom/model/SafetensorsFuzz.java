package io.textloom.model;

import io.textloom.fuzz.FuzzFiles;
import io.textloom.fuzz.FuzzTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A file of weights, and every tensor it claims to have. */
public final class SafetensorsFuzz {
    private SafetensorsFuzz() {}

    public static FuzzTarget target() {
        Path file = FuzzFiles.directory("model.safetensors").resolve("model.safetensors");
        return new FuzzTarget(
                "safetensors", FuzzTarget.Shape.PREFIXED_TEXT, Set.of(ModelException.class), 1 << 20, 200, input -> {
                    Files.write(file, input);
                    Map<String, TensorInfo> tensors = Safetensors.read(file);
                    Safetensors.metadata(file);
                    long elements = 0;
                    for (TensorInfo tensor : tensors.values()) {
                        if (tensor.offset() < 8 || tensor.offset() + tensor.length() > input.length) {
                            throw new AssertionError(tensor + " lies outside of the file");
                        }
                        elements += tensor.type().isFloat() ? Safetensors.readFloats(tensor).length : 0;
                    }
                    return 100L * tensors.size() + Math.min(99, elements);
                });
    }
}
