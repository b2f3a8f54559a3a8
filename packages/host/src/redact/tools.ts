import {
  type CallPlan,
  type RunContext,
  type SessionProcesses,
  ToolFailure,
  type ToolResult,
  type ToolsPort,
} from "@skein/core/ports"
import type { FileChange, HumanView, PlannedAction } from "@skein/protocol"
import { SECRET_MARK } from "@skein/protocol/secrets"
import { redactingAdoption } from "./processes.ts"
import type { Redact } from "./redact.ts"

/** Finds out what is secret in these folders. A look that is not older than `freshMs` will do. */
export type Learn = (roots: readonly string[], freshMs?: number) => Promise<unknown>

/**
 * Tools whose results hold no secrets: not for the model, not for the person, not in the log. What a call is asked to do
 * stays byte for byte, so a command that holds a mark in the place of a secret is refused: it would write the mark.
 */
export function redactingTools(tools: ToolsPort, redact: Redact, learn: Learn): ToolsPort {
  /** Marks that were given out: text that only looks like one is nobody's secret. */
  const marks = new Set<string>()
  const clean = (text: string): string => {
    const left = redact(text)
    if (left !== text) for (const [mark] of left.matchAll(new RegExp(SECRET_MARK, "g"))) marks.add(mark)
    return left
  }
  return {
    list: (place) => tools.list(place),
    offered: (offer) => tools.offered(offer),
    refresh: (place) => tools.refresh?.(place),
    ready: (name, place) => tools.ready?.(name, place),
    describe: (name, input, cwd) => tools.describe(name, input, cwd),
    async plan(name, input, context) {
      if (tools.describe(name, input, context.cwd).kind === "execute") refuseMarks(input, marks)
      const learned = learn(context.roots)
      const [plan] = await Promise.all([tools.plan(name, input, context), learned]).catch(async (error: unknown) => {
        await learned
        return rethrow(error, clean)
      })
      return { ...plan, actions: plan.actions.map((action) => cleanAction(action, clean)) }
    },
    beforeWatch: (plan, context) => tools.beforeWatch?.(plan, context),
    async run(plan, context) {
      const progress: RunContext["progress"] = (bytes, preview) => context.progress(bytes, clean(preview))
      const processes = context.processes && (async () => redactingAdoption(await given(context), clean))
      // Before it tells anything: what it gives may be the copy of a secret that nobody has seen yet.
      const learned = learn(context.roots)
      try {
        const [result] = await Promise.all([tools.run(plan, { ...context, progress, processes }), learned])
        // A command may have brought files of secrets that were not there before.
        if (isCommand(plan)) await learn(context.roots, 0)
        return cleanResult(result, clean)
      } catch (error) {
        await learned
        return rethrow(error, clean)
      }
    },
  }
}

async function given({ processes }: RunContext): Promise<SessionProcesses> {
  if (processes === undefined) throw new Error("Asked for only where there are some")
  return processes()
}

function isCommand({ effects }: CallPlan): boolean {
  return effects.some(({ kind }) => kind === "execute")
}

function cleanResult(result: ToolResult, cleanOne: Redact): ToolResult {
  // What the model is told is mostly what the person is shown.
  const done = new Map<string, string>()
  const clean = (text: string): string => {
    const left = done.get(text) ?? cleanOne(text)
    done.set(text, left)
    return left
  }
  return {
    ...result,
    forModel: result.forModel.map((block) => (block.type === "text" ? { ...block, text: clean(block.text) } : block)),
    ...(result.sections === undefined
      ? {}
      : { sections: result.sections.map((section) => ({ ...section, text: clean(section.text) })) }),
    ...(result.forHuman === undefined ? {} : { forHuman: cleanView(result.forHuman, clean) }),
    ...(result.changes === undefined ? {} : { changes: result.changes.map((change) => cleanChange(change, clean)) }),
  }
}

function cleanView(view: HumanView, clean: Redact): HumanView {
  return { ...view, body: clean(view.body), ...(view.summary === undefined ? {} : { summary: clean(view.summary) }) }
}

function cleanChange(change: FileChange, clean: Redact): FileChange {
  return change.diff === undefined ? change : { ...change, diff: clean(change.diff) }
}

/** What is added is the model's own, and is approved as it is; around it stands what the file holds. */
function cleanAction(action: PlannedAction, clean: Redact): PlannedAction {
  if (action.diff === undefined) return action
  const left = clean(action.diff).split("\n")
  const lines = action.diff.split("\n")
  // A secret of several lines is one mark: then the lines do not fit any more, and all of it is shown without.
  if (left.length !== lines.length) return { ...action, diff: left.join("\n") }
  return { ...action, diff: lines.map((line, at) => (line.startsWith("+") ? line : (left[at] ?? ""))).join("\n") }
}

function refuseMarks(input: unknown, marks: ReadonlySet<string>): void {
  if (marks.size === 0) return
  const text = JSON.stringify(input) ?? ""
  const mark = [...marks].find((one) => text.includes(JSON.stringify(one).slice(1, -1)))
  if (mark === undefined) return
  throw new ToolFailure(
    `The command holds ${mark}, which stands for a secret that is not shown to you, and would put that text in its place. ` +
      "Nothing was run. Write the command without it: read the secret from where it is, as with $NAME.",
  )
}

/** The same error, so that its lane stays; its words are for the model and the log too. */
export function rethrow(error: unknown, clean: Redact): never {
  if (error instanceof Error) {
    const message = clean(error.message)
    if (message !== error.message) {
      const stack = clean(error.stack ?? "")
      Object.defineProperty(error, "message", { value: message, configurable: true, writable: true })
      Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true })
    }
  }
  throw error
}
