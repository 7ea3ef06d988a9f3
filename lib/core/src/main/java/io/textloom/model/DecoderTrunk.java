package io.textloom.model;

/** The shape of the layers of a decoder. */
public sealed interface DecoderTrunk extends EncoderSpec permits GptSpec, LlamaSpec {
    /** The attention of a layer, counted from 0. */
    AttentionSpec attention(int layer);
}
