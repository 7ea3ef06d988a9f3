package io.textloom.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

/** The process of {@link OnnxProbe}: opens one file and ends. Uses nothing but the JDK and the native runtime, whose classes alone are on its class path. */
final class OnnxProbeProcess {
    /** The runtime said why it does not take the file. */
    static final int REFUSED = 3;

    private OnnxProbeProcess() {}

    public static void main(String[] args) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "textloom-probe");
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            environment.createSession(args[0], options).close();
        } catch (OrtException e) {
            System.out.println(e.getMessage());
            System.out.flush();
            Runtime.getRuntime().halt(REFUSED);
        }
        Runtime.getRuntime().halt(0);
    }
}
