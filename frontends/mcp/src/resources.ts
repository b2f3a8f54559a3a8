import type { ReadResourceResult, Resource } from "@modelcontextprotocol/server"
import type { Engine } from "@skein/protocol"
import { type Asked, RequestError } from "./asked.ts"
import type { Lanes } from "./lanes.ts"
import type { McpResources } from "./source.ts"
import type { Work } from "./work.ts"

interface Parts {
  readonly engine: Engine
  readonly cwd: string
  readonly extraRoots: readonly string[]
  readonly lanes: Lanes
  begin(name: string, input: unknown, asked: Asked): Promise<Work>
  readonly readFile: FileReader
  readonly redact: (text: string) => string
}

/** The bytes of a file of the workspace that may be read; undefined where there is none, or it holds more than `bytesMax`. */
export type FileReader = (path: string, bytesMax: number) => Promise<Uint8Array | undefined>

const INSTRUCTIONS = "skein://instructions"
const SESSION = "skein://session"

/** What a list holds of the folder's files: a person picks from it. */
const LISTED_MAX = 200
/** Of one file. Who wants more of it reads it by a tool, in parts. */
const BYTES_MAX = 1_000_000

const OWN: readonly Resource[] = [
  {
    ...{ uri: INSTRUCTIONS, name: "instructions", title: "Instructions of this folder", mimeType: "text/markdown" },
    description: "What an agent that works here is told: AGENTS.md, CLAUDE.md and what they name.",
  },
  {
    ...{ uri: SESSION, name: "session", title: "What was done here", mimeType: "application/json" },
    description: "The calls of this connection that ran one after the other, with their results.",
  },
]

/** The folder's files: whether one may be read is decided, and recorded, as a call of the tool that reads. */
export function workspaceResources(parts: Parts): McpResources {
  return {
    templates: [
      {
        ...{ uriTemplate: "file://{+path}", name: "file", title: "A file of the workspace" },
        description: "By its absolute path, in the workspace.",
      },
    ],
    async list() {
      const { engine, cwd } = parts
      const { paths } = await engine.ask({ type: "files.find", root: cwd, query: "", limit: LISTED_MAX })
      const files = paths.filter(({ path }) => !path.endsWith("/"))
      return [...OWN, ...files.map(({ path }) => ({ uri: fileUri(`${cwd}/${path}`), name: path }))]
    },
    async read(uri, asked) {
      if (uri === INSTRUCTIONS) return textOf(uri, "text/markdown", await instructions(parts))
      if (uri === SESSION) return textOf(uri, "application/json", await session(parts))
      return readFile(uri, asked, parts)
    },
  }
}

function textOf(uri: string, mimeType: string, text: string): ReadResourceResult {
  return { contents: [{ uri, mimeType, text }] }
}

async function instructions({ engine, lanes }: Parts): Promise<string> {
  const { sections } = await engine.ask({ type: "context.report", sessionId: await lanes.main() })
  const told = sections.filter(({ path }) => path !== undefined)
  return told.map(({ path, text }) => `<!-- ${path} -->\n${text}`).join("\n\n")
}

async function session({ engine, lanes }: Parts): Promise<string> {
  const { sessionId, items } = await engine.ask({ type: "session.read", sessionId: await lanes.main() })
  const calls = items.flatMap((item) =>
    item.kind === "tool_call"
      ? [{ name: item.name, title: item.title, state: item.state, result: item.result?.forHuman?.summary }]
      : [],
  )
  return JSON.stringify({ sessionId, calls }, null, 1)
}

function fileUri(path: string): string {
  return `file://${path.split("/").map(encodeURIComponent).join("/")}`
}

/** The path of an address of a file in the roots. What links do to it is seen where it is read. */
function pathOf(uri: string, { cwd, extraRoots }: Parts): string {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  if (url?.protocol !== "file:" || url.host !== "") throw notFound(uri)
  const path = decoded(url.pathname)
  const isInside = [cwd, ...extraRoots].some((root) => path?.startsWith(`${root.replace(/\/$/, "")}/`) === true)
  if (path === undefined || path.includes("\0") || path.split("/").includes("..") || !isInside) throw notFound(uri)
  return path
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

function notFound(uri: string): RequestError {
  return new RequestError("not_found", `There is no resource ${JSON.stringify(uri.slice(0, 300))} in this workspace.`)
}

async function readFile(uri: string, asked: Asked, parts: Parts): Promise<ReadResourceResult> {
  const path = pathOf(uri, parts)
  // Who reads a resource has chosen it already: nobody is asked about it.
  const silent = { ...asked, hasForms: false, progress: () => {} }
  const work = await parts.begin("read", { path, limit: 1 }, silent)
  const next = await work.next()
  if (next.kind !== "done") throw notFound(uri)
  const { content, isError } = next.result
  const text = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
  if (isError === true) throw new RequestError("not_found", text)
  const bytes = await parts.readFile(path, BYTES_MAX)
  if (bytes === undefined) {
    throw new RequestError(
      "not_found",
      `${path} holds more than ${BYTES_MAX} bytes, or lies elsewhere. Call read or head_tail.`,
    )
  }
  const image = content.find((block) => block.type === "image")
  const whole = image === undefined ? decodedText(bytes) : undefined
  if (whole !== undefined) return textOf(uri, "text/plain", parts.redact(whole))
  const mimeType = image?.type === "image" ? image.mimeType : "application/octet-stream"
  return { contents: [{ uri, mimeType, blob: bytes.toBase64() }] }
}

function decodedText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
