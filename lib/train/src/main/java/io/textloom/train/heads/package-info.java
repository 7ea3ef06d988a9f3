/** {@code train heads}: task heads on an encoder's frozen vectors. */
@NullMarked
package io.textloom.train.heads;

import org.jspecify.annotations.NullMarked;
