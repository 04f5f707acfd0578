/**
 * KML 2.2 and 2.3 and KMZ, read as a stream of features: no entity is expanded, no file or network address is opened,
 * and every size that the input declares is held against a limit. Also the site model's reader with its conventions.
 */
package dev.fieldproof.geo.kml;
