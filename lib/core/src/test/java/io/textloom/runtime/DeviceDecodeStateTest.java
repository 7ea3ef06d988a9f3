package io.textloom.runtime;

import io.textloom.tensor.Precision;
import java.io.IOException;

/** All that holds of decode states, where keys, values and logits lie in memory of ONNX Runtime's allocator, as on a card. */
class DeviceDecodeStateTest extends DecodeStateTest {
    @Override
    DecoderSession open(RandomGpt2 model) throws IOException {
        return model.open(folder, Precision.FLOAT32, Device.cudaOnCpu(0));
    }
}
