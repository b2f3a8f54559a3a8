import {
  type GatheredSection,
  type SourceContext,
  type SourcesPort,
  ToolFailure,
  type ToolsPort,
} from "@skein/core/ports"
import { planContext } from "./permissions.ts"

/** A little more than the tool itself waits for code to be read. */
const WAIT_MS_MAX = 25_000

/** Puts a map of the repository behind all else that stands before a conversation, where one is wanted: what the model's own tool gives. */
export function mapped(sources: SourcesPort, tools: ToolsPort, onFailed: (sentence: string) => void): SourcesPort {
  const { changed } = sources
  return {
    async gather(context) {
      const [sections, map] = await Promise.all([sources.gather(context), mapOf(context, tools, onFailed)])
      return map === undefined ? sections : [...sections, map]
    },
    touched: (paths, context) => sources.touched(paths, context),
    ...(changed === undefined ? {} : { changed: (seen, context) => changed.call(sources, seen, context) }),
  }
}

/** Without one when it cannot be made: a conversation does not wait for what only helps. */
async function mapOf(
  { cwd, roots, repoMapTokens }: SourceContext,
  tools: ToolsPort,
  onFailed: (sentence: string) => void,
): Promise<GatheredSection | undefined> {
  if (repoMapTokens === undefined) return undefined
  const asked = planContext(cwd, { mode: "plan", sandbox: "read-only", extraRoots: roots.slice(1) })
  const context = {
    ...asked,
    callId: "cal_map",
    signal: AbortSignal.timeout(WAIT_MS_MAX),
    progress: () => undefined,
  } as const
  try {
    const plan = await tools.plan("repo_map", { budgetTokens: Math.max(100, repoMapTokens - HEAD_TOKENS) }, context)
    const { forModel } = await tools.run(plan, context)
    const map = forModel.map((block) => (block.type === "text" ? block.text : "")).join("")
    const text = `${HEAD}\n${map}`
    return {
      source: "repo_map",
      // Of files, and so cleaned of secrets like all that is.
      path: cwd,
      text,
      sha256: Bun.CryptoHasher.hash("sha256", text, "hex"),
      bytes: Buffer.byteLength(text),
    }
  } catch (error) {
    if (!(error instanceof ToolFailure || (error instanceof Error && error.name === "TimeoutError"))) throw error
    onFailed(`No map of the repository was made: ${error.message}`)
    return undefined
  }
}

const HEAD = "What most of this repository's code rests on, as line: definition; it may have changed since:"
const HEAD_TOKENS = Math.ceil((HEAD.length + 1) / 3.5)
