import type { TakeLock } from "@skein/core/ports"
import { replaceFile, whileLocked } from "@skein/kept"
import { type Rule, type RuleId, Rule as ruleSchema, SkeinError } from "@skein/protocol"
import { asObject, isSameJson } from "@skein/protocol/json"
import { readText, stampOf, unwritable } from "./files.ts"

/** Rules that a person said once for good. They lie with the person's settings and never in a project. */
export interface KeptRules {
  /** Those of the person, and those of this project; read anew when the file changed. Throws SkeinError `config.invalid`. */
  rulesFor(project: string): readonly Rule[]
  /** Keeps a rule of scope `user` or `project`. Answers with it as it is kept; one that is there already is not doubled. */
  keep(rule: Rule, project: string): Promise<Rule>
  /** Throws SkeinError `rule.not_found`. */
  drop(ruleId: RuleId): Promise<Rule>
  readonly file: string
}

interface KeptOptions {
  readonly file: string
  readonly newId: () => RuleId
  readonly now: () => number
  /** Asked with the first change. */
  readonly lock: () => Promise<TakeLock>
}

/** Both lists as they stand in the file. */
export interface RuleFile {
  readonly user: readonly Rule[]
  /** By the real path of the project's folder. */
  readonly projects: Readonly<Record<string, readonly Rule[]>>
}

const EMPTY: RuleFile = { user: [], projects: {} }

export function keptRules({ file, newId, now, lock }: KeptOptions): KeptRules {
  let known: { readonly stamp: string | undefined; readonly content: RuleFile } | undefined
  const current = (): RuleFile => {
    const stamp = stampOf(file)
    if (known === undefined || known.stamp !== stamp) {
      known = { stamp, content: stamp === undefined ? EMPTY : readRuleFile(readText(file), file) }
    }
    return known.content
  }
  const change = async <T>(act: (content: RuleFile) => readonly [RuleFile, T]): Promise<T> =>
    whileLocked(file, await lock(), () => {
      known = undefined
      const [next, result] = act(current())
      replaceFile(file, `${JSON.stringify({ version: 1, ...cleaned(next, now()) }, undefined, 2)}\n`)
      return result
    }).catch((cause: unknown) => {
      throw unwritable(file, cause)
    })
  return {
    file,
    rulesFor(project) {
      const { user, projects } = current()
      const own = Object.hasOwn(projects, project) ? (projects[project] ?? []) : []
      return [...user, ...own]
    },
    keep(rule, project) {
      if (rule.scope !== "user" && rule.scope !== "project") {
        throw new SkeinError("op.invalid", `A rule of scope ${rule.scope} is not kept: only user and project are.`)
      }
      const { source: _, ...said } = rule
      return change((content) => {
        const list = rule.scope === "user" ? content.user : (content.projects[project] ?? [])
        const same = list.find((kept) => isSameRule(kept, said))
        if (same !== undefined) return [content, same]
        const kept: Rule = { ...said, id: said.id ?? newId() }
        const longer = [...list, kept]
        if (rule.scope === "user") return [{ ...content, user: longer }, kept]
        return [{ ...content, projects: { ...content.projects, [project]: longer } }, kept]
      })
    },
    drop(ruleId) {
      return change((content) => {
        const found = [content.user, ...Object.values(content.projects)].flat().find((rule) => rule.id === ruleId)
        if (found === undefined) {
          throw new SkeinError(
            "rule.not_found",
            `Cannot remove rule ${ruleId}: ${file} has no such rule. skein permissions list shows those there are.`,
          )
        }
        const without = (rules: readonly Rule[]) => rules.filter((rule) => rule !== found)
        const projects = Object.entries(content.projects).map(([path, rules]) => [path, without(rules)] as const)
        return [{ user: without(content.user), projects: Object.fromEntries(projects) }, found]
      })
    },
  }
}

/** Reads the text of such a file. Throws SkeinError `config.invalid` that names the first thing that is wrong. */
export function readRuleFile(text: string, file: string): RuleFile {
  const wrong = (what: string, cause?: unknown) =>
    new SkeinError(
      "config.invalid",
      `Cannot use ${file}: ${what}. Correct it with skein permissions edit, or move it away.`,
      { cause },
    )
  let parsed: unknown
  try {
    parsed = text.trim() === "" ? {} : JSON.parse(text)
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : "it is no JSON", cause)
  }
  const tree = asObject(parsed)
  if (tree === undefined) throw wrong("expected an object with user and projects")
  const unknown = Object.keys(tree).find((key) => !["version", "user", "projects"].includes(key))
  // A misspelt list would leave out what it denies.
  if (unknown !== undefined) throw wrong(`${JSON.stringify(unknown)} is no part of it; user and projects are`)
  if ((tree.version ?? 1) !== 1) throw wrong("it is of a newer skein")
  const projects = asObject(tree.projects ?? {})
  if (projects === undefined) throw wrong("projects is no object of folders")
  return {
    user: rulesIn(tree.user ?? [], "user", "user"),
    projects: Object.fromEntries(
      Object.entries(projects).map(([path, rules]) => [path, rulesIn(rules, path, "project")]),
    ),
  }

  function rulesIn(value: unknown, place: string, scope: "user" | "project"): readonly Rule[] {
    if (!Array.isArray(value)) throw wrong(`${place} is no list of rules`)
    return value.map((entry: unknown, at) => {
      const rule = ruleOf(entry, { scope, source: file })
      if (typeof rule === "string") throw wrong(`rule ${at + 1} of ${place}: ${rule}`)
      return rule
    })
  }
}

/** One rule from outside, or what is wrong with it. Keys that a rule does not have are wrong: a misspelt one would widen it. */
export function ruleOf(value: unknown, given: Pick<Rule, "scope" | "source">): Rule | string {
  const object = asObject(value)
  if (object === undefined) return "it is no object"
  const strange = Object.keys(object).find((key) => !RULE_KEYS.has(key))
  if (strange !== undefined) return `${JSON.stringify(strange)} is no part of a rule`
  const { expires, ...rest } = object
  const expiresAt = typeof expires === "string" ? Date.parse(expires) : expires
  if (expires !== undefined && !(typeof expiresAt === "number" && Number.isFinite(expiresAt))) {
    return "expires is a time as 2026-03-01T12:00:00Z"
  }
  const parsed = ruleSchema().safeParse({ ...rest, ...(expires === undefined ? {} : { expiresAt }), ...given })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it does not fit"}`
  }
  if (parsed.data.path !== undefined && !parsed.data.path.startsWith("/")) return "path is absolute, or has no effect"
  return parsed.data
}

const RULE_KEYS = new Set(
  "id tool command prefix path access host agent decision scope reason expiresAt expires source".split(" "),
)

function isSameRule(kept: Rule, said: Rule): boolean {
  const bare = ({ id: _, source: __, reason: ___, ...rest }: Rule) => rest
  return isSameJson(bare(kept), bare(said))
}

/** Without what is over, and without what only says where it is. */
function cleaned({ user, projects }: RuleFile, now: number): RuleFile {
  const those = (rules: readonly Rule[]) =>
    rules.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now).map(({ source: _, ...rule }) => rule)
  const entries = Object.entries(projects).map(([path, rules]) => [path, those(rules)] as const)
  return { user: those(user), projects: Object.fromEntries(entries.filter(([, rules]) => rules.length > 0)) }
}
