/** Text on its way to the model: buffers that know where each byte came from, and the normalizers of tokenizer.json. */
@NullMarked
package io.textloom.token.normalize;

import org.jspecify.annotations.NullMarked;
