import { join } from "node:path"
import { type Rule, SkeinError } from "@skein/protocol"
import { claudeFiles, claudeRules, textIfThere } from "../foreign/claude.ts"
import { codexRules, rulesFiles } from "../foreign/codex.ts"
import { stampOf } from "./files.ts"
import type { KeptRules } from "./kept.ts"
import type { Managed } from "./managed.ts"

export interface StandingOptions {
  readonly managed: () => Managed
  readonly kept: KeptRules
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Which programs' rules are taken over. */
  readonly imports: (path: string) => readonly string[]
  /** The folder that a project's rules are kept by. */
  readonly projectOf: (path: string) => string
  /** Told once of each thing that is left out. */
  readonly warn: (sentence: string) => void
}

/** Every standing rule of a folder that lies outside of skein's own configuration. Throws SkeinError `config.invalid`. */
export function standingRules(options: StandingOptions): (path: string) => readonly Rule[] {
  const told = new Set<string>()
  const warn = (sentence: string) => {
    if (!told.has(sentence)) options.warn(sentence)
    told.add(sentence)
  }
  const read = new Map<string, { readonly stamp: string; readonly rules: readonly Rule[] }>()
  /** Read again when a file changed, came or went. */
  const cached = (key: string, files: readonly string[], make: () => readonly Rule[]): readonly Rule[] => {
    const stamp = files.map((file) => `${file}=${stampOf(file)}`).join("\n")
    const known = read.get(key)
    if (known?.stamp === stamp) return known.rules
    const rules = make()
    read.set(key, { stamp, rules })
    return rules
  }
  return (path) => {
    const project = options.projectOf(path)
    const imports = options.imports(path)
    return [
      ...options.managed().rules,
      ...options.kept.rulesFor(project),
      ...(imports.includes("claude") ? ofClaude(project) : []),
      ...(imports.includes("codex") ? ofCodex(project) : []),
    ]
  }

  function ofClaude(project: string): readonly Rule[] {
    const folder = nonEmpty(options.env.CLAUDE_CONFIG_DIR) ?? join(options.home, ".claude")
    return claudeFiles(folder, project).flatMap(([file, scope]) =>
      cached(`${project}\n${file}`, [file], () =>
        guarded(scope, () => {
          const text = textIfThere(file)
          if (text === undefined) return []
          const { rules, warnings } = claudeRules(text, file, scope, { cwd: project, home: options.home })
          warnings.forEach(warn)
          return narrowed(rules, scope, file)
        }),
      ),
    )
  }

  function ofCodex(project: string): readonly Rule[] {
    const folder = join(nonEmpty(options.env.CODEX_HOME) ?? join(options.home, ".codex"), "rules")
    const places = [
      [folder, "user"],
      [join(project, ".codex", "rules"), "project"],
    ] as const
    return places.flatMap(([place, scope]) =>
      guarded(scope, () => {
        const files = rulesFiles(place)
        if (files.length === 0) return []
        return cached(place, [place, ...files], () => narrowed(codexRules(place, scope), scope, place))
      }),
    )
  }

  /** A repository comes from anyone: it may take permissions away, and never give them. */
  function narrowed(rules: readonly Rule[], scope: "user" | "project", place: string): readonly Rule[] {
    if (scope === "user") return rules
    const kept = rules.filter(({ decision }) => decision !== "allow")
    if (kept.length < rules.length) {
      const left = rules.length - kept.length
      const which = left === 1 ? `1 rule in ${place}: it allows` : `${left} rules in ${place}: they allow`
      warn(`Ignored ${which} something, and a project may only ask or deny.`)
    }
    return kept
  }

  /** A repository must not be able to keep anyone from working in it. */
  function guarded(scope: "user" | "project", act: () => readonly Rule[]): readonly Rule[] {
    if (scope === "user") return act()
    try {
      return act()
    } catch (error) {
      if (!(error instanceof SkeinError)) throw error
      warn(error.message)
      return []
    }
  }
}

const nonEmpty = (text: string | undefined) => (text === "" ? undefined : text)
