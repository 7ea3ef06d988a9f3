package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.ModelException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that kills the native runtime kills another process; what comes out here is an exception. */
class OnnxProbeTest {
    @TempDir
    Path temp;

    /** Dies as native code does: the address 0 is written to. */
    static final class Crashing {
        private Crashing() {}

        public static void main(String[] args) throws ReflectiveOperationException {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            unsafe.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
        }
    }

    /** Never comes to an end. */
    static final class Hanging {
        private Hanging() {}

        public static void main(String[] args) throws InterruptedException {
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void aFileThatIsNoModelIsRefusedInTheRuntimesWords() throws IOException {
        Path file = Files.writeString(temp.resolve("model.onnx"), "this is no model");
        assertThatThrownBy(() -> OnnxProbe.check(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("ONNX Runtime cannot open " + file)
                .hasMessageContaining("rotobuf");
    }

    @Test
    void aCrashIsAnError() throws IOException {
        Path file = Files.writeString(temp.resolve("model.onnx"), "");
        assertThatThrownBy(() -> OnnxProbe.check(file, Crashing.class, 120))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the native runtime died of it");
    }

    @Test
    void aHangIsAnError() throws IOException {
        Path file = Files.writeString(temp.resolve("model.onnx"), "");
        assertThatThrownBy(() -> OnnxProbe.check(file, Hanging.class, 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("not open after 1 seconds");
    }
}
