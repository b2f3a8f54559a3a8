import { expect, test } from "bun:test"
import { ruleText } from "./rule-text.ts"
import type { Rule } from "./settings.ts"

const TEXTS: readonly (readonly [Partial<Rule>, string])[] = [
  [{ command: "git push *" }, "bash: git push *"],
  [{ prefix: ["git", ["push", "pull"]] }, "bash: git (push|pull) …"],
  [{ path: "/a", access: "read" }, "bash: read /a"],
  [{ access: "write" }, "bash: write any file"],
  [{ host: "a.org:443", agent: "scout" }, "bash of scout: a.org:443"],
  [{ command: "make", path: "/a" }, "bash: make, /a"],
  [{}, "bash: everything it does"],
  [{ command: "make", expiresAt: 0 }, "bash: make, until 1970-01-01T00:00:00.000Z"],
]

test("a rule is told with every condition that it has, and its end", () => {
  for (const [conditions, text] of TEXTS) {
    expect(ruleText({ tool: "bash", decision: "allow", scope: "session", ...conditions })).toBe(text)
  }
})
