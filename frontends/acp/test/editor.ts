import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { type ClientCapabilities, type client, methods, RequestError } from "@agentclientprotocol/sdk"

type App = ReturnType<typeof client>

/** An editor of this process: files open with unsaved text, and terminals in which real programs run. */
export function editor(folder: string, { onReleased }: { readonly onReleased?: () => void } = {}) {
  const buffers = new Map<string, string>()
  const terminals = new Map<string, Terminal>()
  const did: string[] = []
  const short = (path: string) => path.replace(`${folder}/`, "")
  const terminalOf = ({ terminalId }: { readonly terminalId: string }) => {
    const found = terminals.get(terminalId)
    if (found === undefined) throw RequestError.resourceNotFound(terminalId)
    return found
  }
  const capabilities: ClientCapabilities = { fs: { readTextFile: true, writeTextFile: true }, terminal: true }

  function register(app: App): void {
    const { fs, terminal } = methods.client
    app
      .onRequest(fs.readTextFile, ({ params: { path } }) => {
        did.push(`read ${short(path)}`)
        return { content: buffers.get(path) ?? textOf(path) }
      })
      .onRequest(fs.writeTextFile, ({ params: { path, content } }) => {
        did.push(`write ${short(path)}`)
        buffers.set(path, content)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, content)
        return {}
      })
      .onRequest(terminal.create, ({ params: { command, args = [], cwd } }) => {
        const terminalId = `term_${terminals.size + 1}`
        terminals.set(terminalId, started([command, ...args], cwd ?? folder))
        did.push(`create ${args.at(-1)}`)
        return { terminalId }
      })
      .onRequest(terminal.waitForExit, ({ params }) => terminalOf(params).ended)
      .onRequest(terminal.output, async ({ params }) => {
        did.push("output")
        return { output: terminalOf(params).said(), truncated: false }
      })
      .onRequest(terminal.kill, ({ params }) => {
        did.push("kill")
        terminalOf(params).kill()
        return {}
      })
      .onRequest(terminal.release, ({ params }) => {
        did.push("release")
        terminalOf(params).kill()
        terminals.delete(params.terminalId)
        onReleased?.()
        return {}
      })
  }
  /** A text that nobody saved. */
  const type = (path: string, text: string) => void buffers.set(path, text)
  return { capabilities, register, did, type, buffer: (path: string) => buffers.get(path), terminals }
}

export type Editor = ReturnType<typeof editor>

interface Terminal {
  readonly ended: Promise<{ exitCode: number | null; signal: string | null }>
  said(): string
  kill(): void
}

function started(argv: string[], cwd: string): Terminal {
  const child = Bun.spawn(argv, {
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    env: { PATH: process.env.PATH },
  })
  let said = ""
  const reading = (async () => {
    for await (const chunk of child.stdout) said += new TextDecoder().decode(chunk)
  })()
  const ended = (async () => {
    await Promise.all([child.exited, reading])
    return { exitCode: child.exitCode, signal: child.signalCode === null ? null : String(child.signalCode) }
  })()
  return { ended, said: () => said, kill: () => child.kill("SIGKILL") }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (_gone) {
    throw RequestError.resourceNotFound(path)
  }
}
