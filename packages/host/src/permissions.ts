import {
  CallDefect,
  type CallPlan,
  type PlanContext,
  type PolicyPort,
  ToolFailure,
  type ToolsPort,
} from "@skein/core/ports"
import { type Explanation, type Rule, type RuleId, type Settings, SkeinError } from "@skein/protocol"
import type { Configs } from "./configs.ts"
import type { HostRequest } from "./request.ts"

/** What may be done in the host's folder, and who said so. */
export interface Permissions {
  /** Where rules are kept that a person said for good. */
  readonly file: string
  /** All standing rules of the folder, the strongest scope first. */
  list(): readonly Rule[]
  /** Those of `rules.toml`, the project's and the person's own, which only narrow. Throws SkeinError `config.invalid`. */
  projectRules(): readonly ProjectRule[]
  /** Rules of what a person wrote. Throws SkeinError `op.invalid`. */
  read(pattern: string, said: Pick<Rule, "decision" | "scope">): readonly Rule[]
  /** The rules of a file that another program keeps. Throws SkeinError. */
  readFile(file: string): { readonly rules: readonly Rule[]; readonly warnings: readonly string[] }
  /** Recorded before it holds, as are the next two. Answers with the rule as it is kept. Throws SkeinError. */
  keep(rule: Rule): Promise<Rule>
  /** Throws SkeinError `rule.not_found`. */
  drop(ruleId: RuleId): Promise<Rule>
  /** Does what puts another file in the place of the kept rules'. */
  edit(put: () => void): Promise<void>
  /** Throws SkeinError `config.invalid` for a text that the file of kept rules could not hold. */
  checkFile(text: string): void
  /** What would be decided about a call. It is planned, which reads, and judged; nothing is run or asked. */
  judge(tool: string, input: unknown, under?: Under): Promise<Judged>
  /** A rule in the words of `read`. */
  say(rule: Rule): string
}

/** A rule of a `rules.toml`. One that warns is told to the model with the call's result. */
export type ProjectRule = Omit<Rule, "decision"> & { readonly decision: "deny" | "ask" | "warn" }

/** In place of what holds in the folder. */
export interface Under {
  readonly mode?: Settings["mode"] | undefined
  readonly sandbox?: Settings["sandbox"] | undefined
  readonly network?: Settings["network"] | undefined
  readonly extraRoots?: Settings["extraRoots"] | undefined
  readonly rules?: readonly Rule[] | undefined
  readonly taint?: readonly string[] | undefined
  readonly cwd?: string | undefined
}

/** `isPlanned`: false when the call could not be run at all. */
export interface Judged extends Explanation {
  readonly isPlanned: boolean
  readonly always?: Rule | undefined
  readonly mode: Settings["mode"]
  readonly sandbox: Settings["sandbox"]
}

/** Where rules are, as the adapter has it. */
interface Book {
  readonly file: string
  keep(rule: Rule, path: string): Promise<Rule>
  drop(ruleId: RuleId): Promise<Rule>
  edit(put: () => void): Promise<void>
  read(text: string, said: Pick<Rule, "decision" | "scope">, cwd: string, tools: readonly string[]): readonly Rule[]
  projectRules(path: string): readonly ProjectRule[]
  readFile(file: string, cwd: string): { readonly rules: readonly Rule[]; readonly warnings: readonly string[] }
  checkFile(text: string): void
  say(rule: Rule): string
  inOrder(rules: readonly Rule[]): readonly Rule[]
}

interface PermissionsOptions {
  readonly book: Book
  readonly cwd: string
  readonly tools: ToolsPort
  readonly policy: PolicyPort
  readonly settingsFor: (path: string) => Settings
  readonly rulesIn: (path: string) => readonly Rule[]
  readonly now: () => number
}

export function permissionsOf({
  book,
  cwd,
  tools,
  policy,
  settingsFor,
  rulesIn,
  now,
}: PermissionsOptions): Permissions {
  const { file, drop, edit, checkFile, say } = book
  return {
    ...{ file, drop, edit, checkFile, say },
    read: (text, said) =>
      book.read(
        text,
        said,
        cwd,
        tools.list({ cwd }).map(({ name }) => name),
      ),
    readFile: (path) => book.readFile(path, cwd),
    projectRules: () => book.projectRules(cwd),
    keep: (rule) => book.keep(rule, cwd),
    list: () => book.inOrder(rulesIn(cwd)).filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now()),
    async judge(tool, input, under = {}) {
      const folder = under.cwd ?? cwd
      const settings = settingsFor(folder)
      const { mode = settings.mode, sandbox = settings.sandbox, rules = rulesIn(folder), taint = [] } = under
      const { network = settings.network ?? ASKED, extraRoots = settings.extraRoots } = under
      const given = { mode, sandbox }
      let plan: CallPlan
      try {
        plan = await tools.plan(tool, input, planContext(folder, { ...settings, ...given, extraRoots }))
      } catch (error) {
        if (!(error instanceof CallDefect || error instanceof ToolFailure || error instanceof SkeinError)) throw error
        return {
          decision: "deny",
          reasons: [`it could not be run at all: ${error.message}`],
          parts: [],
          isPlanned: false,
          ...given,
        }
      }
      const verdict = policy.judge(plan, { ...given, network, rules, now: now(), taint })
      return { ...verdict, parts: verdict.parts ?? [], isPlanned: true, ...given }
    },
  }
}

const ASKED = { access: "ask", allow: [] } as const

/** For planning a call that nobody made. */
export function planContext(
  cwd: string,
  { mode, sandbox, extraRoots }: Pick<Settings, "mode" | "sandbox" | "extraRoots">,
): PlanContext {
  const none = async () => {
    throw new ToolFailure("There is no session here to look back into.")
  }
  return {
    sessionId: "ses_00000000-0000-7000-8000-000000000000",
    cwd,
    roots: [cwd, ...extraRoots],
    sandbox: mode === "plan" ? "read-only" : sandbox,
    observed: () => undefined,
    signal: new AbortController().signal,
    askClient: async () => {
      throw new SkeinError("client.gone", "Nobody is asked while a call is only judged.")
    },
    sessions: { undoPreview: none, undo: none, search: none, read: none, contextSize: () => ({ contextTokens: 0 }) },
  }
}

/** Where the administrator of a machine says what nobody on it may lift. */
export const MANAGED_RULES = "/etc/skein/permissions.toml"

/** Which other programs' rules are taken over in a folder. */
export function importsOf(
  { isIgnoringRulesFiles }: Pick<HostRequest, "isIgnoringRulesFiles">,
  configs: Configs,
): (path: string) => readonly string[] {
  return (path) => {
    const { imports } = configs.in(path).values.permissions
    return isIgnoringRulesFiles === true ? imports.filter((name) => name !== "codex") : imports
  }
}
