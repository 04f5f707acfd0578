/** An encoder of deflate streams that takes its time. */
@NullMarked
package dev.fieldproof.serial.deflate;

import org.jspecify.annotations.NullMarked;
