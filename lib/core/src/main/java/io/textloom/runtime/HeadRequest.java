package io.textloom.runtime;

import io.textloom.model.Head;
import io.textloom.tensor.Precision;

/**
 * Which head of a fine-tuned model is to give its logits: {@link Head#SEQUENCE} as rows, the others as tokens; {@link Head#MASKED_LM} for wanted places alone, and,
 * where the model has a next-sentence head, that one's as rows.
 *
 * @param pairs whether batches hold pairs of sequences, which the model tells apart by token types if it has them; else all types are 0
 */
public record HeadRequest(Head head, boolean pairs, Precision precision) {}
