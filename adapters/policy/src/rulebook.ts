import { join } from "node:path"
import type { CallPlan, TakeLock } from "@skein/core/ports"
import type { Rule, RuleId } from "@skein/protocol"
import type { ForeignRules } from "./foreign/claude.ts"
import { patternRules } from "./foreign/pattern.ts"
import { readForeignFile } from "./foreign/read-file.ts"
import { keptRules, readRuleFile } from "./kept/kept.ts"
import { managedFile } from "./kept/managed.ts"
import { standingRules } from "./kept/standing.ts"
import type { ProjectRule } from "./project/read.ts"
import { projectRules } from "./project/rules.ts"
import { warningsOf } from "./project/warnings.ts"
import { byScope, patternOf } from "./rules/order.ts"

export interface RulebookOptions {
  /** Where rules are kept: the person's own settings. */
  readonly configDir: string
  readonly managedFile: string
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Which programs' rules are taken over in a folder: `claude`, `codex`. */
  readonly imports: (path: string) => readonly string[]
  /** The folder that a project's rules are kept by. */
  readonly projectOf: (path: string) => string
  /** Told once of each thing that is left out. */
  readonly warn: (sentence: string) => void
  readonly newId: () => RuleId
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The host's way to lock a file; asked with the first change. */
  readonly lock: () => Promise<TakeLock>
}

/** All standing rules but those of skein's own configuration. */
export interface Rulebook {
  readonly file: string
  /** Read anew when a file changed. Throws SkeinError `config.invalid`. */
  rulesFor(path: string): readonly Rule[]
  /** Of `rules.toml`, a project's and the person's own. Throws as `rulesFor` does. */
  projectRules(path: string): readonly ProjectRule[]
  /** What those of them that only warn say of a call in a folder. */
  warningsFor(plan: CallPlan, path: string): readonly string[]
  /** Whether the machine's administrator lets nobody run a command without a sandbox. Throws as `rulesFor` does. */
  isAlwaysConfined(): boolean
  keep(rule: Rule, path: string): Promise<Rule>
  /** Throws SkeinError `rule.not_found`. */
  drop(ruleId: RuleId): Promise<Rule>
  /** Rules of what a person wrote. Throws SkeinError `op.invalid`. */
  read(text: string, said: Pick<Rule, "decision" | "scope">, cwd: string, tools: readonly string[]): readonly Rule[]
  /** The rules of a file that another program keeps. Throws SkeinError. */
  readFile(file: string, cwd: string): ForeignRules
  /** Throws SkeinError `config.invalid` for a text that the file of kept rules could not hold. */
  checkFile(text: string): void
  /** A rule in the words of `read`. */
  say(rule: Rule): string
  /** Strongest scope first. */
  inOrder(rules: readonly Rule[]): readonly Rule[]
}

export function rulebook(options: RulebookOptions): Rulebook {
  const { configDir, home, projectOf, newId, now, lock, ...rest } = options
  const managed = managedFile(options.managedFile)
  const kept = keptRules({ file: join(configDir, "permissions.json"), newId, now, lock })
  const standing = standingRules({ ...rest, managed, home, projectOf, kept })
  const project = projectRules({ configDir, projectOf, warn: options.warn })
  return {
    file: kept.file,
    rulesFor: (path) => [...standing(path), ...project.strict(path)],
    projectRules: project.all,
    warningsFor: (plan, path) => warningsOf(plan, project.all(path), home),
    isAlwaysConfined: () => managed().isAlwaysConfined,
    keep: (rule, path) => kept.keep(rule, projectOf(path)),
    drop: kept.drop,
    read: (text, said, cwd, tools) => patternRules(text, said, { cwd, home, tools }),
    readFile: (file, cwd) => readForeignFile(file, { cwd, home }),
    checkFile: (text) => void readRuleFile(text, kept.file),
    say: patternOf,
    inOrder: byScope,
  }
}
