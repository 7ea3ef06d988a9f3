package io.textloom.model;

/** What the graphs of GPT-2, its forerunner and its kin have in common. */
public sealed interface GptSpec extends DecoderTrunk permits Gpt2Spec, GptNeoSpec, OpenAiGptSpec {
    /** Width of the feed-forward layer. */
    int innerSize();

    float layerNormEpsilon();

    Activation activation();

    @Override
    default int typeVocabulary() {
        return 0;
    }

    @Override
    default double flops(int tokens) {
        double h = hidden();
        return EncoderSpec.flops(layers(), 4 * h * h + 2 * h * innerSize(), hidden(), tokens);
    }
}
