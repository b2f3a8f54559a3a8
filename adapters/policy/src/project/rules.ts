import { join } from "node:path"
import { type Rule, SkeinError } from "@skein/protocol"
import { readText, stampOf } from "../kept/files.ts"
import { type ProjectRule, readProjectRules } from "./read.ts"

export interface ProjectRulesOptions {
  readonly configDir: string
  /** The folder that a project's rules are kept by. */
  readonly projectOf: (path: string) => string
  /** Told once of each thing that is left out. */
  readonly warn: (sentence: string) => void
}

export interface ProjectRules {
  /** Those that forbid or ask. Read anew when a file changed. Throws SkeinError `config.invalid` for the person's own file. */
  strict(path: string): readonly Rule[]
  /** All of them. Throws as `strict` does. */
  all(path: string): readonly ProjectRule[]
}

/**
 * `.skein/rules.toml` of a project, and `rules.toml` beside the person's settings. They only narrow, so that a folder's hold
 * whether or not it is trusted.
 */
export function projectRules({ configDir, projectOf, warn }: ProjectRulesOptions): ProjectRules {
  const told = new Set<string>()
  const known = new Map<string, { readonly stamp: string; readonly rules: readonly ProjectRule[] }>()
  const all = (path: string): readonly ProjectRule[] => {
    const project = projectOf(path)
    const own = read(join(configDir, "rules.toml"), path, "user")
    return [...own, ...read(join(project, ".skein", "rules.toml"), project, "project")]
  }
  return { all, strict: (path) => all(path).flatMap((rule) => strictOf(rule) ?? []) }

  function read(file: string, folder: string, scope: "project" | "user"): readonly ProjectRule[] {
    const stamp = stampOf(file)
    if (stamp === undefined) return []
    const key = `${file}\0${folder}`
    const before = known.get(key)
    if (before?.stamp === stamp) return before.rules
    const rules = readFile(file, folder, scope)
    known.set(key, { stamp, rules })
    return rules
  }

  /** A repository must not be able to keep anyone from working in it: what is wrong in its file is said, and left out. */
  function readFile(file: string, folder: string, scope: "project" | "user"): readonly ProjectRule[] {
    try {
      const { rules, flaws } = readProjectRules(readText(file), file, folder, scope)
      flaws.forEach(tell)
      return rules
    } catch (error) {
      if (!(error instanceof SkeinError) || scope === "user") throw error
      tell(error.message)
      return []
    }
  }

  function tell(sentence: string): void {
    if (!told.has(sentence)) warn(sentence)
    told.add(sentence)
  }
}

function strictOf(rule: ProjectRule): Rule | undefined {
  const { decision } = rule
  return decision === "warn" ? undefined : { ...rule, decision }
}
