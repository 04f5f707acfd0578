/** RFC 1055 framing (SLIP) as the loaders of ESP chips use it: a delimiter before and after every packet. */
package dev.fieldproof.serial.slip;
