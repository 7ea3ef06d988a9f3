package io.textloom.token.train;

/** One merge: the two tokens that become one. */
public record TokenPair(String left, String right) {}
