/** Documents as text: stable ids, UTF-8 validity, and the reasons a document can be rejected. */
@NullMarked
package io.textloom.text;

import org.jspecify.annotations.NullMarked;
