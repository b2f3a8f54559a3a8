import { type Rule, ruleSubject } from "@skein/protocol"
import { oneLine } from "./text.ts"

/** What a rule is about, on one line: `bash: git push *`. Its end is part of how long it holds. */
export function ruleLine(rule: Rule): string {
  return oneLine(ruleSubject(rule), 100)
}

const HOLDS: Readonly<Record<Rule["scope"], string>> = {
  once: "once",
  session: "this session",
  project: "this project",
  user: "everywhere",
  managed: "set by the administrator",
}

/** How long it holds, and where it stands. */
export function ruleScope({ scope, expiresAt, source }: Rule): string {
  const until =
    expiresAt === undefined ? [] : [`until ${new Date(expiresAt).toISOString().slice(0, 16).replace("T", " ")} UTC`]
  return [HOLDS[scope], ...until, ...(source === undefined ? [] : [source])].join(", ")
}
