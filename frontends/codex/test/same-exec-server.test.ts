import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { codex } from "./codex-program.ts"
import { program as built, isMissing } from "./program.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code: number; readonly message: string }
}

let folder = ""
let program = ""
beforeAll(() => {
  // Not below /tmp, where the sandbox has a folder of its own.
  folder = realpathSync(mkdtempSync("/var/tmp/skein-exec-server-"))
  program = join(folder, "skein")
  if (!isMissing) copyFileSync(built, program)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One message after the other, each answered before the next. */
function client(send: (text: string) => void) {
  const heard: Message[] = []
  const wakers: (() => void)[] = []
  let ids = 0
  const until = async (isMeant: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = heard.find(isMeant)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => wakers.push(resolve))
    }
  }
  return {
    heard,
    until,
    take(text: string) {
      heard.push(JSON.parse(text))
      for (const wake of wakers.splice(0)) wake()
    },
    async greet(): Promise<void> {
      await this.ask("initialize", { clientName: "test" })
      send(JSON.stringify({ method: "initialized", params: {} }))
    },
    async ask(method: string, params: object): Promise<Message> {
      const id = ++ids
      send(JSON.stringify({ id, method, params }))
      return until((message) => message.id === id)
    },
  }
}

function overStreams(argv: readonly string[], cwd: string, env: Record<string, string>) {
  const child = Bun.spawn([...argv], { cwd, env, stdin: "pipe", stdout: "pipe", stderr: "ignore" })
  const one = client((text) => {
    child.stdin.write(`${text}\n`)
    void child.stdin.flush()
  })
  const reading = (async () => {
    let rest = ""
    for await (const chunk of child.stdout) {
      const lines = (rest + new TextDecoder().decode(chunk)).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) one.take(line)
    }
  })()
  const end = async () => {
    void child.stdin.end()
    await reading
    return child.exited
  }
  return Object.assign(one, { end, pid: child.pid })
}

function place(name: string) {
  const own = join(folder, name)
  for (const part of ["work", "home", "tmp"]) mkdirSync(join(own, part), { recursive: true })
  const work = join(own, "work")
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: join(own, "home"),
    TMPDIR: join(own, "tmp"),
    CODEX_HOME: join(own, "home", "codex"),
    SKEIN_HOME: join(own, "home", "skein"),
  }
  return { work, env, uri: (file: string) => `file://${work}/${file}` }
}

/** What both are asked, and what each says: replies in order, then what was told of each process. */
async function told(argv: readonly string[], name: string) {
  const { work, env, uri } = place(name)
  const server = overStreams(argv, work, env)
  const start = { argv: ["/bin/sh", "-c", "cat; exit 3"], cwd: uri(""), env: { PATH: "/usr/bin:/bin" }, tty: false }
  const replies: Message[] = []
  const ask = async (method: string, params: object) => replies.push(await server.ask(method, params))
  const closed = (processId: string) =>
    server.until(({ method, params }) => method === "process/closed" && params?.processId === processId)
  await ask("fs/readFile", { path: uri("none") })
  await server.greet()
  await ask("initialize", { clientName: "again" })
  for (const params of [
    {},
    { processId: "a" },
    { processId: "a", argv: [] },
    { processId: "a", argv: [], cwd: uri("") },
  ])
    await ask("process/start", params)
  await ask("process/start", { ...start, processId: "a", argv: [] })
  await ask("process/start", { ...start, processId: "cat", pipeStdin: true })
  await ask("process/start", { ...start, processId: "cat" })
  await ask("process/write", { processId: "cat", chunk: "aGVsbG8K", writeId: "1" })
  await server.until(({ method, params }) => method === "process/output" && params?.processId === "cat")
  await ask("process/read", { processId: "cat", afterSeq: 0, maxBytes: 100, waitMs: 100 })
  await ask("process/terminate", { processId: "cat" })
  await closed("cat")
  await ask("process/write", { processId: "cat", chunk: "aGVsbG8K", writeId: "2" })
  await ask("process/start", { ...start, processId: "sleeper", argv: ["/bin/sleep", "600"] })
  await ask("process/signal", { processId: "sleeper", signal: "interrupt" })
  await closed("sleeper")
  await ask("process/start", {
    ...start,
    processId: "quick",
    // It waits for a line: which of an end and of words just before it comes first is nobody's promise.
    argv: ["/bin/sh", "-c", "echo $TWO; read LINE; exit 4"],
    env: { TWO: "2" },
    pipeStdin: true,
  })
  await server.until(({ method, params }) => method === "process/output" && params?.processId === "quick")
  await ask("process/write", { processId: "quick", chunk: "Cg==", writeId: "1" })
  await closed("quick")
  await ask("process/read", { processId: "quick" })
  await ask("process/start", { ...start, processId: "silent" })
  await closed("silent")
  for (const method of ["process/read", "process/write", "process/signal", "process/terminate", "fs/copy", "fs/open"])
    await ask(method, {})
  await ask("process/read", { processId: "nobody" })
  await ask("process/signal", { processId: "nobody", signal: "interrupt" })
  await ask("process/signal", { processId: "cat", signal: "hangup" })
  await ask("process/terminate", { processId: "nobody" })
  await ask("no/such", {})
  await ask("fs/writeFile", { path: uri("a"), dataBase64: "YWJjZA==" })
  await ask("fs/readFile", { path: uri("a") })
  await ask("fs/readFile", { path: "/a" })
  await ask("fs/readFile", { path: uri("") })
  await ask("fs/createDirectory", { path: uri("b/c"), recursive: true })
  await ask("fs/copy", { sourcePath: uri("a"), destinationPath: uri("b/a"), recursive: false })
  await ask("fs/readDirectory", { path: uri("b") })
  await ask("fs/canonicalize", { path: uri("b/../a") })
  await ask("fs/open", { handleId: "h", path: uri("a") })
  await ask("fs/readBlock", { handleId: "h", offset: 1, len: 2 })
  await ask("fs/close", { handleId: "h" })
  await ask("fs/remove", { path: uri("b"), recursive: true, force: false })
  await ask("fs/remove", { path: uri("none"), recursive: false, force: false })
  await ask("fs/getMetadata", { path: uri("none") })
  await ask("environment/status", {})
  const code = await server.end()
  const processes = server.heard.flatMap(({ method, params }) => (method === undefined ? [] : [{ method, params }]))
  return JSON.parse(
    JSON.stringify({ replies: replies.map(plain), processes: orderly(processes), code }).replaceAll(work, "<work>"),
  )
}

/** Errors by their code, and by their words where these are of the protocol; how it was held is each program's own. */
function plain({ result, error }: Message): unknown {
  if (error !== undefined) {
    const isOfProtocol = /^(missing field|argv must|process |unknown process|unknown variant|initialize may)/.test(
      error.message,
    )
    return { code: error.code, ...(isOfProtocol ? { message: error.message } : {}) }
  }
  const { sandboxType: _, ...rest } = result ?? {}
  const entries = Array.isArray(rest.entries)
    ? { entries: rest.entries.toSorted((a, b) => a.fileName.localeCompare(b.fileName)) }
    : {}
  return { ...rest, ...entries }
}

function orderly(told: readonly { readonly method: string; readonly params: Message["params"] }[]) {
  return told.toSorted((a, b) => String(a.params?.processId).localeCompare(String(b.params?.processId)))
}

test.skipIf(isMissing || codex === undefined)(
  "a script of its protocol is answered as Codex's own exec-server answers it",
  async () => {
    const theirs = await told([codex ?? "", "exec-server", "--listen", "stdio"], "theirs")
    const ours = await told([program, "exec-server", "--listen", "stdio", "--sandbox", "workspace-write"], "ours")

    expect(ours).toEqual(theirs)
  },
)

test.skipIf(isMissing)(
  "programs and files are held by the server's sandbox, and a client's own terms are refused by name",
  async () => {
    const { work, env, uri } = place("held")
    writeFileSync(join(folder, "outside"), "kept")
    symlinkSync(folder, join(work, "out"))
    const server = overStreams([program, "exec-server", "--listen", "stdio", "--sandbox", "workspace-write"], work, env)
    await server.greet()
    const start = { processId: "a", cwd: uri(""), env: { PATH: "/usr/bin:/bin" }, tty: false }
    const line = `echo in > inside; echo out > ${folder}/outside; (exec 3<>/dev/tcp/127.0.0.1/9) && echo reached`
    await server.ask("process/start", { ...start, argv: ["/bin/bash", "-c", line] })
    await server.until(({ method }) => method === "process/closed")
    const refused = [
      await server.ask("fs/writeFile", { path: `file://${folder}/outside`, dataBase64: "" }),
      await server.ask("fs/writeFile", { path: uri("out/outside"), dataBase64: "" }),
      await server.ask("fs/remove", { path: `file://${folder}/outside`, recursive: false, force: false }),
      await server.ask("fs/copy", { sourcePath: uri("inside"), destinationPath: uri("out/outside"), recursive: false }),
      await server.ask("process/start", {
        ...start,
        processId: "b",
        argv: ["/bin/true"],
        sandbox: { permissions: {} },
      }),
    ]
    await server.end()

    expect(refused.map(({ error }) => error?.code)).toEqual([-32603, -32603, -32603, -32603, -32602])
    expect(readFileSync(join(work, "inside"), "utf8")).toBe("in\n")
    expect(readFileSync(join(folder, "outside"), "utf8")).toBe("kept")
  },
)

test.skipIf(isMissing)("what a client started ends with it", async () => {
  const { work, env, uri } = place("ending")
  const server = overStreams([program, "exec-server", "--listen", "stdio", "--sandbox", "workspace-write"], work, env)
  await server.greet()
  const argv = ["/bin/sh", "-c", "echo begun; exec sleep 600"]
  await server.ask("process/start", { processId: "a", argv, cwd: uri(""), env: {}, tty: true })
  await server.until(({ method, params }) => method === "process/output" && params?.stream === "pty")

  expect(await server.end()).toBe(0)
  expect(server.heard.at(-1)).toMatchObject({ method: "process/closed" })
})

test.skipIf(isMissing)("over a socket it asks for a token, and lets no page of a browser in", async () => {
  const { work, env } = place("socket")
  const token = join(work, "token")
  writeFileSync(token, "a-token-that-nobody-guesses\n", { mode: 0o600 })
  const spawn = (...args: string[]) =>
    Bun.spawn([program, "exec-server", ...args], { cwd: work, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" })
  const open = spawn()
  expect([await open.exited, await open.stderr.text()]).toEqual([
    2,
    expect.stringContaining("--ws-auth capability-token"),
  ])
  const server = spawn("--ws-auth", "capability-token", "--ws-token-file", token)
  const url = new TextDecoder().decode((await server.stdout.getReader().read()).value).trim()
  const http = url.replace("ws:", "http:")
  const upgrade = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "c2tlaW4gaXMgYSB0ZXN0IQ==",
  }
  const status = async (headers: Record<string, string>) =>
    (await fetch(http, { headers: { ...upgrade, ...headers } })).status
  expect([await status({}), await status({ authorization: "Bearer wrong" })]).toEqual([401, 401])
  expect(await status({ authorization: "Bearer a-token-that-nobody-guesses", origin: "http://example.org" })).toBe(403)
  const socket = new WebSocket(url, { headers: { authorization: "Bearer a-token-that-nobody-guesses" } })
  const one = client((text) => socket.send(text))
  socket.addEventListener("message", ({ data }) => one.take(String(data)))
  await new Promise((resolve) => socket.addEventListener("open", resolve))
  await one.greet()
  expect((await one.ask("environment/status", {})).result).toEqual({ status: "ready" })
  socket.close()
  server.kill("SIGTERM")

  expect(await server.exited).toBe(143)
})
