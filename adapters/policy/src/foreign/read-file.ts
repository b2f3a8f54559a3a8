import { SkeinError } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import { PolicyFileError, readPolicy } from "../execpolicy/rules.ts"
import { readText } from "../kept/files.ts"
import { readRuleFile } from "../kept/kept.ts"
import { claudeRules, type ForeignRules } from "./claude.ts"
import { rulesOf } from "./codex.ts"
import { listRules } from "./lists.ts"

/** The rules of a file of whatever program, told by what is in it. Throws SkeinError. */
export function readForeignFile(file: string, context: { readonly cwd: string; readonly home: string }): ForeignRules {
  const text = readText(file)
  if (file.endsWith(".rules")) return { rules: ofCodex(file, text), warnings: [] }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new SkeinError("op.invalid", `Cannot read rules from ${file}: it is neither JSON nor a *.rules file.`, {
      cause,
    })
  }
  const lists = listRules(parsed, file, context.home)
  if (lists !== undefined) return lists
  if (asObject(asObject(parsed)?.permissions) !== undefined) {
    const read = claudeRules(text, file, "user", context)
    const [flaw] = read.refused ?? []
    if (flaw === undefined) return read
    throw new SkeinError("op.invalid", `Cannot take rules from ${file}: ${flaw} Correct it there; nothing was taken.`)
  }
  const { user } = readRuleFile(text, file)
  return { rules: user, warnings: [] }
}

function ofCodex(file: string, source: string) {
  try {
    return rulesOf(readPolicy([{ name: file, source }]), file, "user")
  } catch (cause) {
    if (!(cause instanceof PolicyFileError)) throw cause
    throw new SkeinError("op.invalid", `Cannot read rules from ${file}: ${cause.message}: ${cause.detail}.`, { cause })
  }
}
