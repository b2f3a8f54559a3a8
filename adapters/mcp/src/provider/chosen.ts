import type { FoundServer } from "../config/found.ts"
import { keyOf } from "./catalogue.ts"

/** The server that counts under its name. */
export interface Chosen {
  readonly found: FoundServer
  readonly isTrusted: boolean
  /** What a person should know of the choice, a sentence. */
  readonly remark?: string | undefined
}

/**
 * A folder's server stands before the person's own of its name, as everywhere; but one that nobody trusts takes nothing of
 * theirs away, and one that is trusted does not take its place unseen: rules go by the name. Pure.
 */
export function chosen(found: FoundServer, isTrusted: boolean): Chosen {
  const { name, group, hides, isEnabled, spec } = found
  if (hides === undefined || !isEnabled) return { found, isTrusted }
  const [here, own] = [found.file ?? "this folder", hides.file ?? "your settings"]
  if (!isTrusted) {
    const remark = `The MCP server ${name} of ${here} is left out, as nobody trusts it as it is; that of ${own} is used. skein trust shows it.`
    return { found: hides, isTrusted: true, remark }
  }
  if (spec === undefined || hides.spec === undefined || keyOf(spec) === keyOf(hides.spec)) return { found, isTrusted }
  const remark = `The MCP server ${name} is that of ${here}, in the place of another in ${own}: rules for mcp__${group} hold for it.`
  return { found, isTrusted, remark }
}
