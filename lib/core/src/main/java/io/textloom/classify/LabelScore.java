package io.textloom.classify;

/** A label, or what else is best, and its score. */
public record LabelScore(String label, float score) {}
