/**
 * The on-site control node: keeps verified artifacts close to the devices, and gates waves without the cloud.
 *
 * <ul>
 *   <li>{@link dev.fieldproof.ota.site.ControlNode}: the cache, filled from upstream whenever there is a link, and the
 *       gate, where people approve and hold waves, link or no link.
 *   <li>{@link dev.fieldproof.ota.site.Rollouts}: what was ordered, phase by phase; a rollout that stops itself sends
 *   its
 *       devices back if the order names what they ran before, and that is in the cache before anyone is told to go.
 *   <li>{@link dev.fieldproof.ota.site.SiteServer}: devices and people over HTTP. Plain HTTP stays on the loopback
 *       interface unless the settings say otherwise; {@link dev.fieldproof.ota.site.SiteTls} is for everything else.
 *   <li>{@link dev.fieldproof.ota.site.Deployments}, {@link dev.fieldproof.ota.site.Operators}: who may come in, by
 *       certificate or by a token that can end and be taken back; there is no default.
 *   <li>{@link dev.fieldproof.ota.site.AuditLog}: who did what and what was refused, in a chain of hashes, without
 *       secrets.
 * </ul>
 */
package dev.fieldproof.ota.site;
