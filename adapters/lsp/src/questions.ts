import {
  type CodeEdit,
  type CodeFinding,
  type CodePlace,
  type CodePort,
  type CodeQuery,
  type CodeQuestion,
  type CodeSymbol,
  ToolFailure,
} from "@skein/core/ports"
import type * as z from "@skein/protocol/schema"
import { rangeOf, symbolKind } from "./running/convert.ts"
import { pathOf, uriOf } from "./running/documents.ts"
import type { Taken, Where } from "./running/pool.ts"
import { ServerError } from "./wire/connection.ts"
import { hover, locations, symbols, type WireRange, type WireSymbol, workspaceEdit } from "./wire/shapes.ts"

type ServerOf = (path: string, query: Pick<CodeQuery, "roots">) => Promise<Taken>
type WhereOf = (path: string, query: Pick<CodeQuery, "roots">) => Where | undefined

/** A server that reads a large project answers its first question late. */
const ANSWER_MS = 30_000
const FINDINGS_MAX = 500
const HOVER_CHARACTERS_MAX = 8_000

export function questions(serverOf: ServerOf, whereOf: WhereOf): Pick<CodePort, "at" | "symbols" | "rename"> {
  /** Asks about a file as it is on disk now. */
  async function asked<T>(path: string, question: Question<T>, query: CodeQuery): Promise<T> {
    const taken = await serverOf(path, query)
    const signal = AbortSignal.any([query.signal, AbortSignal.timeout(ANSWER_MS)])
    const { method, params, shape } = question
    try {
      const answer = await taken.work(async (server) => {
        signal.throwIfAborted()
        await server.show([path])
        if (!server.shown.includes(path)) throw new ToolFailure(`${path} is no text file that a language server reads.`)
        return await server.ask(method, { textDocument: { uri: uriOf(path) }, ...params }, signal)
      })
      const { data, success } = shape.safeParse(answer)
      if (!success)
        throw new ToolFailure(`The language server ${taken.entry.name} gave an answer that is not the protocol's.`)
      return data
    } catch (error) {
      if (error instanceof ServerError) {
        throw new ToolFailure(`The language server ${taken.entry.name} refused: ${error.message}`, { cause: error })
      }
      if (signal.aborted && !query.signal.aborted) {
        throw new ToolFailure(`The language server ${taken.entry.name} did not answer within 30 seconds.`, {
          cause: error,
        })
      }
      throw error
    }
  }

  return {
    async at(question, place, query) {
      const params = {
        position: positionOf(place),
        ...(question === "references" ? { context: { includeDeclaration: true } } : {}),
      }
      if (question === "hover") {
        const found = await asked(place.path, { method: METHODS.hover, params, shape: hover() }, query)
        return found === null || found.contents.trim() === ""
          ? []
          : [{ text: found.contents.slice(0, HOVER_CHARACTERS_MAX) }]
      }
      const found = await asked(place.path, { method: METHODS[question], params, shape: locations() }, query)
      return (found ?? []).slice(0, FINDINGS_MAX).flatMap(({ uri, range }): readonly CodeFinding[] => {
        const path = pathOf(uri)
        return path === undefined ? [] : [{ range: rangeOf(path, range) }]
      })
    },
    async symbols(where, query) {
      if ("path" in where) {
        const question = { method: "textDocument/documentSymbol", params: {}, shape: symbols() }
        return flat((await asked(where.path, question, query)) ?? [], where.path)
      }
      const { root, query: name } = where
      const file = await anchorIn(root)
      const question = { method: "workspace/symbol", params: { query: name }, shape: symbols() }
      return flat((await asked(file, question, query)) ?? [], undefined)
    },
    async rename(place, newName, query) {
      const params = { position: positionOf(place), newName }
      const edit = await asked(place.path, { method: "textDocument/rename", params, shape: workspaceEdit() }, query)
      return editsOf(edit)
    },
  }

  /** A workspace is asked through a file of it: that says which language. */
  async function anchorIn(root: string): Promise<string> {
    const { anchorOf } = await import("./anchor.ts")
    const settings = whereOf(root, { roots: [root] })?.settings
    const found = settings === undefined ? undefined : await anchorOf(root, settings)
    if (found === undefined) throw new ToolFailure(`No file in ${root} is of a language that has a server.`)
    return found
  }
}

interface Question<T> {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  readonly shape: z.ZodType<T>
}

const METHODS: Readonly<Record<CodeQuestion, string>> = {
  hover: "textDocument/hover",
  definition: "textDocument/definition",
  references: "textDocument/references",
  implementation: "textDocument/implementation",
  type_definition: "textDocument/typeDefinition",
}

function positionOf({ line, column }: CodePlace) {
  return { line: line - 1, character: column - 1 }
}

function flat(all: readonly WireSymbol[], path: string | undefined, container?: string): readonly CodeSymbol[] {
  return all
    .flatMap((symbol) => {
      const own = rangeIn(symbol, path)
      const around = symbol.containerName ?? container
      const named: readonly CodeSymbol[] =
        own === undefined
          ? []
          : [
              {
                name: symbol.name.slice(0, 200),
                kind: symbolKind(symbol.kind),
                range: own,
                ...(around ? { container: around } : {}),
              },
            ]
      return [...named, ...flat(symbol.children ?? [], path, symbol.name)]
    })
    .slice(0, FINDINGS_MAX)
}

function rangeIn({ range, location }: WireSymbol, path: string | undefined) {
  const file = location === undefined ? path : pathOf(location.uri)
  const found: WireRange | undefined = location?.range ?? range
  return file === undefined || found === undefined ? undefined : rangeOf(file, found)
}

/** Throws ToolFailure for a rename that would do more than change texts. */
function editsOf(edit: z.infer<ReturnType<typeof workspaceEdit>>): readonly CodeEdit[] {
  const changed = edit?.documentChanges ?? []
  if (changed.some(({ kind }) => kind !== undefined)) {
    throw new ToolFailure("This rename would also move or remove files, which is not done here. Nothing was written.")
  }
  const byFile =
    changed.length > 0
      ? changed.map(({ textDocument, edits }) => [textDocument?.uri ?? "", edits ?? []] as const)
      : Object.entries(edit?.changes ?? {})
  return byFile.flatMap(([uri, edits]) => {
    const path = pathOf(uri)
    if (path === undefined)
      throw new ToolFailure("This rename would change something that is no file. Nothing was written.")
    return edits.map(({ range, newText }) => ({ range: rangeOf(path, range), newText }))
  })
}
