import type { Rule } from "@skein/protocol"

/** Whoever wrote them: a turn's own rules only allow, end with it, and name what they are about. */
export function onceOnly(rules: readonly Rule[]): readonly Rule[] {
  return rules
    .filter(({ decision, tool }) => decision === "allow" && tool !== "*")
    .map((rule) => ({ ...rule, scope: "once" }))
}
