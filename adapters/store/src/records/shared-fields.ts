import { EFFORTS, MODES, SANDBOXES, SEARCH_SIZES, TIERS, VERBOSITIES, WEB_SEARCHES } from "@skein/protocol"
import { count, errorCode, fields, flag, type Keep, name, number, text, word } from "./keep.ts"

/** How a turn ended, without its sentence. */
export function outcome(): Keep {
  return fields({
    kind: word("completed", "interrupted", "failed", "exhausted"),
    code: errorCode,
    reason: word("steps", "tokens", "money", "tool_loop"),
  })
}

/** Of settings what is a choice among few. */
export function settings(): Keep {
  return fields({
    model: name,
    mode: word(...MODES),
    sandbox: word(...SANDBOXES),
    tier: word(...TIERS),
    effort: word(...EFFORTS),
    verbosity: word(...VERBOSITIES),
    webSearch: fields({ access: word(...WEB_SEARCHES), contextSize: word(...SEARCH_SIZES), allowedDomains: count }),
    extraRoots: count,
    tools: count,
    limits: fields({ stepsMax: number, tokensMax: number, microUsdMax: number }),
  })
}

/** A rule, without its words. */
export function rule(): Keep {
  const decision = word("allow", "ask", "deny")
  const scope = word("session", "project", "user", "managed")
  return fields({ tool: text, command: text, path: text, decision, scope })
}

/** Tokens. */
export function usage(): Keep {
  const tokens = {
    input: number,
    cacheRead: number,
    cacheWrite: number,
    output: number,
    reasoning: number,
    searches: number,
  }
  return fields({ ...tokens, isEstimated: flag })
}

/** What became of one path. */
export function change(): Keep {
  const version = fields({ kind: word("file", "link", "folder"), bytes: number, isKept: flag })
  return fields({ path: text, before: version, after: version })
}
