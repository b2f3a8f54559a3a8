import { isAbsolute } from "node:path"
import { asText, asTexts, type Json } from "@skein/protocol/json"
import { type Context, needed, type OpenSearches, type Reply } from "./method.ts"
import { RpcError } from "./peer.ts"

/** As many as Codex gives. */
const FOUND_MAX = 50
/** Searches that a client has open at once; the one that was begun first makes room. */
const SESSIONS_MAX = 16

/** `fuzzyFileSearch`: one question, one answer. */
export async function searchFiles(params: Json, context: Context): Promise<Reply> {
  return { result: { files: await found(rootsOf(params), asText(params.query) ?? "", context) } }
}

/** `fuzzyFileSearch/session…`: a picker that is open, asked again with each key. */
export class FileSearches implements OpenSearches {
  readonly #open = new Map<string, { readonly roots: readonly string[]; asked: number }>()

  start(params: Json): Reply {
    const sessionId = needed(params, "sessionId")
    this.#open.delete(sessionId)
    this.#open.set(sessionId, { roots: rootsOf(params), asked: 0 })
    const [oldest] = this.#open.keys()
    if (this.#open.size > SESSIONS_MAX && oldest !== undefined) this.#open.delete(oldest)
    return { result: {} }
  }

  /** Answered at once; what is found follows, unless another key came meanwhile. */
  update(params: Json, context: Context): Reply {
    const sessionId = needed(params, "sessionId")
    const query = asText(params.query) ?? ""
    const session = this.#open.get(sessionId)
    if (session === undefined) throw new RpcError(`fuzzy file search session not found: ${sessionId}`)
    session.asked += 1
    const { asked, roots } = session
    const { peer } = context
    const isStill = () => this.#open.get(sessionId) === session && session.asked === asked
    const told = async () => {
      const files = await found(roots, query, context)
      if (!isStill()) return
      peer.notify("fuzzyFileSearch/sessionUpdated", { sessionId, query, files })
      peer.notify("fuzzyFileSearch/sessionCompleted", { sessionId })
    }
    return {
      result: {},
      after: () =>
        void told().catch((error: unknown) =>
          peer.notify("warning", { message: `Files were not found: ${String(error)}` }),
        ),
    }
  }

  stop(params: Json): Reply {
    this.#open.delete(needed(params, "sessionId"))
    return { result: {} }
  }
}

function rootsOf(params: Json): readonly string[] {
  const roots = asTexts(params.roots)
  if (roots.length === 0) throw new RpcError("Invalid request: missing field `roots`")
  const relative = roots.find((root) => !isAbsolute(root))
  if (relative !== undefined) throw new RpcError(`Invalid request: ${relative} is no absolute path`)
  return roots
}

/** Of all roots, best first. Folders are told without the slash that ours end in. */
async function found(roots: readonly string[], query: string, { engine }: Context): Promise<Json[]> {
  const all: { readonly score: number; readonly file: Json }[] = []
  // One after the other: one root at a time is watched.
  for (const root of roots) {
    const { paths } = await engine.ask({ type: "files.find", root, query, limit: FOUND_MAX })
    for (const { path: shown, score, positions } of paths) {
      const path = shown.replace(/\/$/, "")
      const file = {
        ...{ root, path, match_type: shown === path ? "file" : "directory" },
        file_name: path.slice(path.lastIndexOf("/") + 1),
        ...{ score, indices: positions.filter((at) => at < path.length) },
      }
      all.push({ score, file })
    }
  }
  return all
    .toSorted((a, b) => b.score - a.score)
    .slice(0, FOUND_MAX)
    .map(({ file }) => file)
}
