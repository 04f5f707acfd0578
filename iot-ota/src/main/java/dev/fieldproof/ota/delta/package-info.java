/** Delta patches between firmware images: encoder, streaming decoder, in-place apply and BSDIFF40. */
package dev.fieldproof.ota.delta;
