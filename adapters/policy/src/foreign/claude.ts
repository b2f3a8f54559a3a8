import { join } from "node:path"
import { type Rule, SkeinError } from "@skein/protocol"
import { asObject, asTexts } from "@skein/protocol/json"
import { parseHostRule, type RuleContext, readRules } from "@skein/protocol/rule-strings"
import { readText, stampOf } from "../kept/files.ts"

/** What a file of another program's rules says in ours. */
export interface ForeignRules {
  readonly rules: readonly Rule[]
  /** Sentences: what could not be said in ours, and is left out. */
  readonly warnings: readonly string[]
  /** What is no rule at all; it is among the warnings too. */
  readonly refused?: readonly string[] | undefined
}

/** `permissions` of a `settings.json` as Claude Code has it. Throws SkeinError `config.invalid` for what is no JSON. */
export function claudeRules(text: string, file: string, scope: "user" | "project", context: RuleContext): ForeignRules {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : "it is no JSON"
    throw new SkeinError(
      "config.invalid",
      `Cannot read the permissions in ${file}: ${what}. Correct it, or leave it out with permissions.import = [].`,
      { cause },
    )
  }
  const permissions = asObject(asObject(parsed)?.permissions) ?? {}
  const read = (["deny", "ask", "allow"] as const).map((decision) =>
    readRules(asTexts(permissions[decision]).map(parseHostRule), decision, scope, context),
  )
  return {
    rules: read.flatMap(({ rules }) => rules.map((rule) => ({ ...rule, source: file }))),
    warnings: read.flatMap(({ unsupported, refused }) =>
      [...unsupported, ...refused].map((sentence) => `${file}: ${sentence}`),
    ),
    refused: read.flatMap(({ refused }) => refused),
  }
}

/** The files of a user, and of a project's folder. */
export function claudeFiles(
  configDir: string,
  project: string,
): readonly (readonly [file: string, scope: "user" | "project"])[] {
  return [
    [join(configDir, "settings.json"), "user"],
    [join(project, ".claude", "settings.json"), "project"],
    [join(project, ".claude", "settings.local.json"), "project"],
  ]
}

/** The text of a file that is there. */
export function textIfThere(file: string): string | undefined {
  return stampOf(file) === undefined ? undefined : readText(file)
}
