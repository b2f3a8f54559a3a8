import { readdirSync } from "node:fs"
import { join } from "node:path"
import { type Rule, SkeinError } from "@skein/protocol"
import { type ExecDecision, type ExecPolicy, PolicyFileError, readPolicy } from "../execpolicy/rules.ts"
import { readText, stampOf } from "../kept/files.ts"

const DECISIONS: Readonly<Record<ExecDecision, Rule["decision"]>> = { allow: "allow", prompt: "ask", forbidden: "deny" }

/** The rules of `*.rules` files in a folder, in ours. Throws SkeinError `config.invalid` for what cannot be read. */
export function codexRules(folder: string, scope: "user" | "project"): readonly Rule[] {
  return rulesFiles(folder).flatMap((file) => rulesOf(policyOf(file), file, scope))
}

/** Sorted, as Codex merges them. */
export function rulesFiles(folder: string): readonly string[] {
  if (stampOf(folder) === undefined) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(".rules"))
    .toSorted()
    .map((name) => join(folder, name))
}

function policyOf(file: string): ExecPolicy {
  try {
    return readPolicy([{ name: file, source: readText(file) }])
  } catch (cause) {
    if (!(cause instanceof PolicyFileError)) throw cause
    throw new SkeinError(
      "config.invalid",
      `Error: ${cause.message}: ${cause.detail}. Correct it, or leave it out with permissions.import = [].`,
      { cause },
    )
  }
}

/** A policy in our words. A program that `host_executable` names may be written by those paths too. */
export function rulesOf(
  { prefixes, executables, hosts }: ExecPolicy,
  source: string,
  scope: Rule["scope"],
): readonly Rule[] {
  const spelled = (words: readonly string[]) => words.flatMap((word) => [word, ...(executables.get(word) ?? [])])
  const plain = (words: readonly string[]) => (words.length === 1 ? (words[0] ?? "") : words)
  return [
    ...prefixes.map(
      ({ pattern: [program = [], ...rest], decision, justification }): Rule => ({
        tool: "bash",
        prefix: [plain(spelled(program)), ...rest.map(plain)].map((word) =>
          typeof word === "string" ? word : [...word],
        ),
        decision: DECISIONS[decision],
        scope,
        ...(justification === undefined ? {} : { reason: justification }),
        source,
      }),
    ),
    ...hosts.map(
      ({ host, decision, justification }): Rule => ({
        tool: "*",
        host,
        decision: DECISIONS[decision],
        scope,
        ...(justification === undefined ? {} : { reason: justification }),
        source,
      }),
    ),
  ]
}
