import { compose } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { hostRequest } from "../session/request.ts"
import { visible } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein policy rules`: the rules of the folder's `.skein/rules.toml` and of the person's own file, as they are understood. */
export const rules: Run = async ({ flags, words, io }) => {
  if (words.length > 0) throw new UsageError("policy rules takes no words: it lists all rules of this folder.")
  const host = compose(hostRequest(flags, io))
  try {
    const found = host.permissions.projectRules()
    // What was left out is among them, and was looked for just now.
    for (const warning of host.warnings) io.err(`skein: ${visible(warning)}`)
    if (flags.has("json")) io.out(jsonPage(found))
    else for (const line of page(found, host.permissions.say)) io.out(visible(line))
    return 0
  } finally {
    await host.close()
  }
}

type Found = ReturnType<ReturnType<typeof compose>["permissions"]["projectRules"]>
type Say = ReturnType<typeof compose>["permissions"]["say"]

const NONE = `There are none here. Write them in .skein/rules.toml of the project, or in rules.toml beside your own settings:
  [[rule]]
  tools = ["Edit", "Write"]
  paths = ["generated/**"]
  decision = "deny"
  message = "Files in generated/ are made by make codegen."`

function page(found: Found, say: Say): readonly string[] {
  if (found.length === 0) return [NONE]
  return found.map((rule) => {
    const what = say({ ...rule, decision: "ask" })
    return `${rule.decision.padEnd(5)} ${what}\n      ${rule.reason ?? ""}  (${rule.source ?? ""})`
  })
}
