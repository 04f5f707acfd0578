/** Values that every module shares. */
package dev.fieldproof.core;
