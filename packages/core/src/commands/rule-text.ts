import type { Rule } from "@skein/protocol"
import { oneLine } from "./text.ts"

/** What a rule is about: `bash: git push *`. */
export function ruleSubject({ tool, command, prefix, path, host, access, agent }: Rule): string {
  const begun = prefix?.map((word) => (typeof word === "string" ? word : `(${word.join("|")})`)).join(" ")
  const what = [
    command,
    begun === undefined ? undefined : `${begun} …`,
    path === undefined ? undefined : access === undefined ? path : `${access} ${path}`,
    host,
  ].filter((part) => part !== undefined)
  const whose = agent === undefined ? tool : `${tool} of ${agent}`
  return oneLine(what.length === 0 ? whose : `${whose}: ${what.join(", ")}`, 100)
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
