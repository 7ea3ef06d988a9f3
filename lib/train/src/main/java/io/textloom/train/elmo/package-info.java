/** ELMo: a forward and a backward language model whose layers, mixed, are vectors of tokens in their context. Source: Peters et al. 2018. */
@NullMarked
package io.textloom.train.elmo;

import org.jspecify.annotations.NullMarked;
