package io.textloom.runtime;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Switches of ONNX Runtime that it reads from the process's environment variables alone; whoever starts the process may have set them already. */
final class NativeSwitches {
    private static final Logger LOG = LoggerFactory.getLogger(NativeSwitches.class);

    private NativeSwitches() {}

    /** To be called before the first session is opened. */
    static void set() {
        // its tiled attention on the CPU is slower for the one token of a decode call: by a tenth at 100 cached tokens,
        // by nothing at 800 (docs/benchmarks.md)
        set("ORT_GQA_DISABLE_FLASH_ATTENTION", "1");
    }

    private static void set(String name, String value) {
        if (Platform.isWindows()) {
            return;
        }
        try {
            int replace = 0;
            NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(new Object[] {name, value, replace});
        } catch (UnsatisfiedLinkError e) {
            LOG.warn(
                    "Cannot set {}={} ({}): decoding is slower; set it where the JVM is started",
                    name,
                    value,
                    e.getMessage());
        }
    }
}
