import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { codex } from "./codex-program.ts"
import { program } from "./program.ts"

/** What the model does on a prompt, whoever asks: each program has its own tools for it. */
export type Deed =
  | { readonly say: string }
  | { readonly command: string }
  | { readonly add: string; readonly text: string }
  | { readonly think: string; readonly say: string }
  | { readonly search: string; readonly say: string }
  | { readonly status: number }
  | { readonly failure: string }
  /** It begins to answer and says no more. */
  | { readonly hang: true }

/** One of the two programs, with a folder, a home and a repository of its own. */
export interface Side {
  readonly name: "codex" | "skein"
  readonly program: string
  readonly folder: string
  readonly repository: string
  readonly env: Record<string, string>
}

/** Both programs before one model; undefined where Codex's is not there. Each is told the same and has files of its own. */
export function both(deedOf: (prompt: string) => Deed) {
  if (codex === undefined || !existsSync(program)) return undefined
  const model = served(deedOf)
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-both-")))
  const side = (name: Side["name"], path: string): Side => {
    const own = join(folder, name)
    const repository = join(own, "repository")
    for (const part of ["home", "tmp", "codex", "repository"]) mkdirSync(join(own, part), { recursive: true })
    Bun.spawnSync(["git", "init", "-q", repository], { env: { PATH: "/usr/bin:/bin", HOME: own } })
    const env = {
      PATH: "/usr/bin:/bin",
      HOME: join(own, "home"),
      TMPDIR: join(own, "tmp"),
      CODEX_HOME: join(own, "codex"),
      SKEIN_HOME: join(own, "skein"),
      CODEX_API_KEY: "sk-both",
    }
    return { name, program: path, folder: own, repository, env }
  }
  return {
    sides: [side("codex", codex), side("skein", program)] as const,
    url: model.url,
    /** Every request so far, as it was sent. */
    seen: model.seen,
    remove() {
      model.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** `exec` of one side, asked of the model on loopback. */
export async function exec(side: Side, url: string, args: readonly string[], input?: string): Promise<Ran> {
  const base = ["exec", "-m", "gpt-5.5", "-c", `openai_base_url="${url}"`]
  const child = Bun.spawn([side.program, ...base, ...args], {
    cwd: side.repository,
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
    env: side.env,
  })
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, out, err }
}

/** Lines of `--json` with what differs from run to run taken out. */
export function lines(side: Side, out: string): readonly unknown[] {
  const ids = new Map<string, string>()
  const plain = out
    .replaceAll(side.repository, "<repository>")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      ids.set(id, ids.get(id) ?? `<thread ${ids.size + 1}>`)
      return ids.get(id) ?? id
    })
  return plain.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]))
}

/** The thread's id as the first line told it. */
export function threadOf({ out }: Ran): string {
  return JSON.parse(out.split("\n")[0] ?? "{}").thread_id
}

export interface Body {
  readonly key?: string | null
  readonly input: readonly { readonly type?: string; readonly role?: string; readonly content?: unknown }[]
  readonly tools?: readonly { readonly name?: string }[]
}

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 7 },
  total_tokens: 130,
}

function served(deedOf: (prompt: string) => Deed) {
  let count = 0
  const seen: Body[] = []
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", idleTimeout: 60 },
    async fetch(request) {
      // The real one tries a socket first and goes on without.
      if (request.method !== "POST") return new Response("", { status: 426 })
      const body = (await request.json()) as Body
      seen.push({ ...body, key: request.headers.get("authorization") })
      const last = body.input.at(-1)
      const isAfterTool = last?.type?.endsWith("_output") === true
      const deed: Deed = isAfterTool ? { say: "All done here." } : deedOf(promptOf(body))
      if ("status" in deed) return Response.json({ error: { message: "Refused." } }, { status: deed.status })
      count += 1
      if ("hang" in deed) return stream([{ type: "response.created", response: { id: `r${count}` } }], true)
      if ("failure" in deed) {
        const error = { code: deed.failure, message: "It failed." }
        return stream([{ type: "response.failed", response: { id: `r${count}`, error } }])
      }
      const names = (body.tools ?? []).map(({ name }) => name)
      const items = itemsOf(deed, names.includes("exec_command")).map((item, at) => ({ id: `i${count}${at}`, ...item }))
      return stream([
        { type: "response.created", response: { id: `r${count}` } },
        ...items.flatMap((item, output_index) => [
          { type: "response.output_item.added", output_index, item: { ...item, content: [] } },
          { type: "response.output_item.done", output_index, item },
        ]),
        { type: "response.completed", response: { id: `r${count}`, usage: USAGE } },
      ])
    },
  })
  return { seen, url: `http://127.0.0.1:${server.port}/v1`, stop: () => void server.stop(true) }
}

/** The newest words of the person. */
function promptOf({ input }: Body): string {
  const said = input.findLast(({ role }) => role === "user")?.content
  const part = Array.isArray(said) ? said.at(-1) : undefined
  return typeof part?.text === "string" ? part.text : ""
}

function itemsOf(deed: Exclude<Deed, { status: number } | { failure: string } | { hang: true }>, isCodex: boolean) {
  const message = (text: string) => ({ type: "message", role: "assistant", content: [{ type: "output_text", text }] })
  const call = (name: string, input: object) => ({
    ...{ type: "function_call", call_id: `call_${name}`, name, arguments: JSON.stringify(input) },
  })
  if ("command" in deed) {
    const run = isCodex ? call("exec_command", { cmd: deed.command }) : call("bash", { command: deed.command })
    return [message("I will."), run]
  }
  if ("add" in deed) {
    const input = `*** Begin Patch\n*** Add File: ${deed.add}\n+${deed.text}\n*** End Patch`
    if (isCodex) return [{ type: "custom_tool_call", call_id: "call_patch", name: "apply_patch", input }]
    return [call("write", { path: deed.add, content: `${deed.text}\n` })]
  }
  if ("think" in deed) {
    const summary = [{ type: "summary_text", text: deed.think }]
    return [{ type: "reasoning", summary, encrypted_content: "sealed" }, message(deed.say)]
  }
  if ("search" in deed) {
    const action = { type: "search", query: deed.search }
    return [{ type: "web_search_call", status: "completed", action }, message(deed.say)]
  }
  return [message(deed.say)]
}

function stream(events: readonly Readonly<Record<string, unknown>>[], isOpen = false): Response {
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("")
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      if (!isOpen) controller.close()
    },
  })
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}
