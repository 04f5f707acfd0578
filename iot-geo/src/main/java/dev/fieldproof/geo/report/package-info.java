/** A plan as a folder of files for people and programs, and the check that all of them say what the model says. */
package dev.fieldproof.geo.report;
