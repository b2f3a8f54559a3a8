import {
  type CodeFinding,
  type CodeSymbol,
  type PlanContext,
  type RunContext,
  ToolFailure,
  type ToolResult,
} from "@skein/core/ports"
import type { Planned, ToolWorld } from "../define.ts"
import { placeOf, reads } from "../files/place.ts"
import { runChanges } from "../files/transaction.ts"
import type { Ask, LspInput } from "./input.ts"
import { pointOf } from "./point.ts"
import { codeOf, queryOf } from "./port.ts"
import { renamed } from "./rename.ts"
import { serverLines } from "./servers.ts"
import { bounded, onOneLine, placeText } from "./text.ts"

const LINES_MAX = 100

/** Each action has its own needs, which are told when they are not met. */
export async function planAsk(input: LspInput, world: ToolWorld, context: PlanContext): Promise<Planned<Ask>> {
  const { action } = input
  if (action === "status") return ofWorkspace(context, status)
  if (action === "workspace_symbols") {
    const query = needed(input.query, "query", action)
    return ofWorkspace(context, async (ours, running) => {
      const found = await codeOf(ours).symbols({ root: running.cwd, query }, queryOf(running))
      return told(symbolLines(found, running), `No symbol in the workspace has ${query} in its name.`)
    })
  }
  const place = await placeOf(needed(input.path, "path", action), world, context)
  if (action === "rename") {
    const newName = needed(input.newName, "newName", action)
    const point = await pointOf(place, input, world)
    const { prepared, ...planned } = await renamed(point, newName, world, context)
    return { ...planned, prepared: (ours, running) => runChanges(prepared, ours, running) }
  }
  const question = action === "symbols" ? "hover" : action
  return { ...reads(place), prepared: read }

  async function read(world: ToolWorld, context: RunContext): Promise<ToolResult> {
    const code = codeOf(world)
    if (action === "symbols") {
      return told(
        symbolLines(await code.symbols({ path: place.path }, queryOf(context)), context),
        "It has no symbols.",
      )
    }
    const point = await pointOf(place, input, world)
    const found = await code.at(question, point, queryOf(context))
    const lines = found.map(({ text, range }) => (range === undefined ? (text ?? "") : placeText(range, context.cwd)))
    if (action === "hover") return told(lines, `Nothing is known of ${place.shown}:${point.line}:${point.column}.`)
    return told(await withTheirLines(found, lines, world, context), `No ${action.replace("_", " ")} was found.`)
  }
}

function ofWorkspace({ roots }: PlanContext, prepared: Ask): Planned<Ask> {
  return { effects: [{ kind: "read", paths: [...roots], isInside: true }], actions: [], prepared }
}

function needed(value: string | undefined, name: string, action: string): string {
  if (value === undefined || value === "") throw new ToolFailure(`The action ${action} needs ${name}.`)
  return value
}

async function status(world: ToolWorld, context: PlanContext): Promise<ToolResult> {
  const servers = await codeOf(world).status(context.cwd)
  return told(serverLines(servers), "No language server or linter is known for the files here.")
}

function symbolLines(symbols: readonly CodeSymbol[], { cwd }: PlanContext): readonly string[] {
  return symbols.map(({ name, kind, range, container }) => {
    const around = container === undefined ? "" : ` in ${onOneLine(container)}`
    return `${placeText(range, cwd)} ${kind} ${onOneLine(name)}${around}`
  })
}

function told(lines: readonly string[], nothing: string): ToolResult {
  const text = lines.length === 0 ? nothing : bounded(lines, LINES_MAX).join("\n")
  const summary = lines.length === 0 ? "nothing found" : `${lines.length} found`
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "matches", body: text, summary },
    provenance: { source: "language server", isTrusted: true },
  }
}

const LINE_CHARACTERS_MAX = 200

/** With what stands there, where that is in the session's folders: it saves the model a look. */
async function withTheirLines(
  found: readonly CodeFinding[],
  places: readonly string[],
  world: ToolWorld,
  context: PlanContext,
): Promise<readonly string[]> {
  const texts = new Map<string, readonly string[]>()
  for (const { range } of found.slice(0, LINES_MAX)) {
    if (range !== undefined && !texts.has(range.path)) texts.set(range.path, await linesOf(range.path, world, context))
  }
  return places.map((place, at) => {
    const range = found[at]?.range
    const line = range === undefined ? undefined : texts.get(range.path)?.[range.line - 1]
    return line === undefined ? place : `${place} ${line.trim().slice(0, LINE_CHARACTERS_MAX)}`
  })
}

const FILE_BYTES_MAX = 4_000_000

async function linesOf(path: string, world: ToolWorld, context: PlanContext): Promise<readonly string[]> {
  try {
    const place = await placeOf(path, world, context)
    if (!place.isInside) return []
    const { bytes } = await world.files.read(place.path, { bytesMax: FILE_BYTES_MAX })
    return new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)
  } catch (error) {
    // A place that no tool opens is still a place.
    if (error instanceof ToolFailure) return []
    throw error
  }
}
