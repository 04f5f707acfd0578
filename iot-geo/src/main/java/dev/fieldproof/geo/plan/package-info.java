/** One plan of a site: nodes, radio links, bill of materials and power budget, all from the same model and digest. */
package dev.fieldproof.geo.plan;
