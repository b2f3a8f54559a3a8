import type { AuditPort } from "@skein/core/ports"
import { systemClock } from "./world.ts"

/** What keeps a person's decisions about folders. */
interface Deciding<Item, Decision> {
  decide(folder: string, items: readonly Item[], decision: Decision): Promise<void>
  passUnasked(folder: string): Promise<void>
  revoke(folder: string): Promise<boolean>
}

/** A decision about a folder is on record before it holds. */
export function decisionsAudited<
  Item extends { readonly name: string },
  Decision extends "trusted" | "refused",
  T extends Deciding<Item, Decision>,
>(kept: T & Deciding<Item, Decision>, { record }: AuditPort): T {
  const put = (
    action: string,
    folder: string,
    items: readonly Item[],
    more: { decision?: "allow" | "deny"; outcome?: string },
    actor: "person" | "skein" = "person",
  ) =>
    record({
      ...{ at: systemClock.now(), actor, action, ...more },
      resources: [{ kind: "folder", name: folder }, ...items.map(({ name }) => ({ kind: "item", name }))],
    })
  return {
    ...kept,
    async decide(folder: string, items: readonly Item[], made: Decision) {
      const decision = made === "trusted" ? "allow" : "deny"
      await put("trust.decide", folder, items, { decision })
      await kept.decide(folder, items, made)
      await put("trust.decide", folder, items, { decision, outcome: made })
    },
    async passUnasked(folder: string) {
      // Where nothing could run there was nothing to ask a person.
      await put("trust.decide", folder, [], { decision: "allow" }, "skein")
      await kept.passUnasked(folder)
      await put("trust.decide", folder, [], { decision: "allow", outcome: "trusted" }, "skein")
    },
    async revoke(folder: string) {
      await put("trust.revoke", folder, [], {})
      const isRevoked = await kept.revoke(folder)
      await put("trust.revoke", folder, [], { outcome: isRevoked ? "removed" : "unknown" })
      return isRevoked
    },
  }
}
