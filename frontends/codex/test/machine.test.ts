import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { codex } from "./codex-program.ts"
import { type Ground, ground, isMissing, program } from "./program.ts"
import { realSchemas } from "./real-schemas.ts"
import type { Message } from "./talk.ts"
import { overStdio, type Wired } from "./wires.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

let at: Ground
beforeAll(() => {
  at = ground(() => ({ text: "hello" }))
})
afterAll(() => at.remove())

const FREE = { sandboxPolicy: { type: "dangerFullAccess" } }
const base64 = (text: string) => Buffer.from(text).toString("base64")
const sh = (line: string) => ({ command: ["sh", "-c", line] })

function ours(): Wired {
  return overStdio([program, "app-server", "-c", "model=gpt-5.5"], { cwd: at.folder, env: at.env })
}

async function greeted(host: Wired): Promise<Wired> {
  await host.handshake({ experimentalApi: true })
  return host
}

/** What both programs are asked; each step by its method, and what is waited for besides the answer. */
type Step = readonly [method: string, params: Record<string, unknown>, besides?: string]

function steps(folder: string): readonly Step[] {
  const path = (name: string) => ({ path: join(folder, name) })
  return [
    ["command/exec", { command: [] }],
    ["command/exec", { ...sh("echo hi; echo err >&2; exit 3"), ...FREE }],
    ["command/exec", { command: ["cat"], tty: true }],
    ["command/exec", { command: ["sleep", "60"], timeoutMs: 100, ...FREE }],
    ["command/exec", { command: ["sleep", "60"], timeoutMs: 100, disableTimeout: true }],
    ["command/exec", { command: ["ls"], outputBytesCap: 1, disableOutputCap: true }],
    ["command/exec", { command: ["ls"], timeoutMs: -4 }],
    ["command/exec", { ...sh("printf 0123456789abc; printf err >&2"), outputBytesCap: 10, ...FREE }],
    ["command/exec", { ...sh("printf abc"), processId: "s", streamStdoutStderr: true, outputBytesCap: 2, ...FREE }],
    ["command/exec", { command: ["env"], size: { rows: 1, cols: 1 } }],
    ["command/exec", { ...sh("echo $A-$HOME"), env: { A: "1", HOME: null }, ...FREE }],
    ["command/exec/write", { processId: "none", closeStdin: true }],
    ["command/exec/resize", { processId: "none", size: { rows: 0, cols: 1 } }],
    ["fs/readFile", { path: join(folder, "gone") }],
    ["fs/readFile", { path: folder }],
    ["fs/readFile", {}],
    ["fs/writeFile", { ...path("no/such"), dataBase64: "aGk=" }],
    ["fs/writeFile", { ...path("made.txt"), dataBase64: base64("first\0bytes") }],
    ["fs/readFile", path("made.txt")],
    ["fs/createDirectory", path("a/b/c")],
    ["fs/createDirectory", { ...path("x/y"), recursive: false }],
    ["fs/copy", { sourcePath: join(folder, "a"), destinationPath: join(folder, "a2") }],
    ["fs/copy", { sourcePath: join(folder, "a"), destinationPath: join(folder, "a/b/in"), recursive: true }],
    ["fs/copy", { sourcePath: join(folder, "a"), destinationPath: join(folder, "a2"), recursive: true }],
    ["fs/readDirectory", path("a2")],
    ["fs/readDirectory", path("made.txt")],
    ["fs/remove", { ...path("a2"), recursive: false }],
    ["fs/remove", path("a2")],
    ["fs/remove", path("a2")],
    ["fs/remove", { ...path("a2"), force: false }],
    ["fs/watch", { ...path("a"), watchId: "w" }],
    ["fs/watch", { ...path("a"), watchId: "w" }],
    ["fs/unwatch", { watchId: "w" }],
    ["fs/unwatch", { watchId: "never" }],
    ["process/spawn", { ...sh("echo out; echo err >&2; exit 4"), processHandle: "h", cwd: folder }, "process/exited"],
    ["process/spawn", { command: ["sleep", "60"], processHandle: "t", cwd: folder, timeoutMs: 100 }, "process/exited"],
    ["process/kill", { processHandle: "t" }],
    ["gitDiffToRemote", { cwd: folder }],
  ]
}

/** Runs the steps one after the other, and tells each answer without what is the program's own. */
async function transcript(host: Wired, folder: string): Promise<readonly unknown[]> {
  const told: unknown[] = []
  for (const [method, params, besides] of steps(folder)) {
    const answer = await host.request(method, params)
    const came = besides === undefined ? undefined : (await host.next(besides)).params
    told.push([method, answer.result ?? answer.error, came])
  }
  const streamed = host.messages.filter((message) => message.method === "command/exec/outputDelta")
  await host.end()
  return JSON.parse(JSON.stringify([...told, streamed.map(({ params }) => params)]).replaceAll(folder, "FOLDER"))
}

function place(name: string): string {
  const folder = join(at.folder, name)
  mkdirSync(folder)
  return realpathSync(folder)
}

test.skipIf(isMissing || codex === undefined)(
  "commands, processes and files are answered word for word as Codex itself answers them",
  async () => {
    const home = place("codex-home")
    const env = { PATH: at.env.PATH, HOME: home, CODEX_HOME: home }
    const theirs = overStdio([codex ?? "", "app-server"], { cwd: at.folder, env })
    const [own, other] = [place("own"), place("other")]
    const expected = await transcript(await greeted(theirs), other)
    const host = await greeted(ours())
    expect(await transcript(host, own)).toEqual([...expected])
    expect(realSchemas()?.defects(host.sent, host.messages)).toEqual([])
  },
  60_000,
)

test.skipIf(isMissing)("a command's input and output are streamed, and it ends when it is told to", async () => {
  const host = await greeted(ours())
  const processId = "cat"
  const running = host.request("command/exec", {
    command: ["cat"],
    processId,
    streamStdin: true,
    streamStdoutStderr: true,
    ...FREE,
  })
  const again = await host.request("command/exec", { command: ["cat"], processId, streamStdin: true })
  await host.request("command/exec/write", { processId, deltaBase64: base64("one\n") })
  const delta = await host.next("command/exec/outputDelta")
  const bad = await host.request("command/exec/write", { processId, deltaBase64: "!!" })
  await host.request("command/exec/write", { processId, closeStdin: true })
  const done = await running
  const long = host.request("command/exec", { command: ["sleep", "60"], processId, ...FREE })
  const closed = await host.request("command/exec/write", { processId, closeStdin: true })
  await host.request("command/exec/terminate", { processId })
  const killed = await long
  await host.end()

  expect(again.error?.message).toBe('duplicate active command/exec process id: "cat"')
  expect(delta.params).toMatchObject({ processId, stream: "stdout", deltaBase64: base64("one\n"), capReached: false })
  expect(bad.error).toMatchObject({ code: -32602, message: expect.stringContaining("invalid deltaBase64") })
  expect(done.result).toEqual({ exitCode: 0, stdout: "", stderr: "" })
  expect(closed.error?.message).toBe("stdin streaming is not enabled for this command/exec")
  expect(killed.result).toMatchObject({ exitCode: 137 })
})

test.skipIf(isMissing)("a command in a terminal has the size it was given, and the one it is given later", async () => {
  const host = await greeted(ours())
  const processId = "pty"
  const line = "stty size; read go; stty size"
  const running = host.request("command/exec", {
    ...sh(line),
    processId,
    tty: true,
    size: { rows: 11, cols: 33 },
    ...FREE,
  })
  const output = () =>
    host.messages
      .filter((message) => message.method === "command/exec/outputDelta")
      .map(textOf)
      .join("")
  await host.until((message) => message.method === "command/exec/outputDelta" && output().includes("11 33"))
  await host.request("command/exec/resize", { processId, size: { rows: 12, cols: 44 } })
  await host.request("command/exec/write", { processId, deltaBase64: base64("go\n") })
  const done = await running
  await host.end()
  expect(done.result).toMatchObject({ exitCode: 0 })
  expect(output()).toContain("12 44")
})

test.skipIf(isMissing)(
  "a command is held as its sandbox policy says, and without one as a new thread would be",
  async () => {
    const host = await greeted(ours())
    const outside = join(place("outside"), "made")
    const cwd = place("inside")
    const write = (params: Record<string, unknown>) =>
      host.request("command/exec", { ...sh(`echo x > ${outside}`), cwd, ...params })
    const first = await write({})
    const isHeld = !existsSync(outside)
    await write({ sandboxPolicy: { type: "readOnly" } })
    const isHeldToo = !existsSync(outside)
    const unknown = await write({ sandboxPolicy: { type: "whatever" } })
    const third = await write({ sandboxPolicy: { type: "workspaceWrite", writableRoots: [join(outside, "..")] } })
    await host.end()
    expect(first.result?.exitCode).not.toBe(0)
    expect({ isHeld, isHeldToo }).toEqual({ isHeld: true, isHeldToo: true })
    expect(unknown.error?.message).toContain("unknown variant `whatever`")
    expect(third.result).toMatchObject({ exitCode: 0 })
    expect(existsSync(outside)).toBe(true)
  },
)

test.skipIf(isMissing)("what a client runs ends with its connection", async () => {
  const host = await greeted(ours())
  const file = join(at.folder, "pid")
  void host.request("command/exec", {
    ...sh(`echo $$ > ${file}; echo up; exec sleep 300`),
    processId: "p",
    streamStdoutStderr: true,
    ...FREE,
  })
  await host.next("command/exec/outputDelta")
  const pid = Number(readFileSync(file, "utf8"))
  await host.end()
  expect(existsSync(`/proc/${pid}`)).toBe(false)
})

test.skipIf(isMissing)("a change of a watched folder, and of a file that is not there yet, is told", async () => {
  const host = await greeted(ours())
  const folder = place("watched")
  const later = join(folder, "later.txt")
  await host.request("fs/watch", { path: folder, watchId: "folder" })
  await host.request("fs/watch", { path: later, watchId: "file" })
  writeFileSync(later, "x")
  const told = [await host.next("fs/changed"), await host.next("fs/changed")].map(({ params }) => params)
  await host.request("fs/unwatch", { watchId: "folder" })
  await host.end()
  expect(told).toContainEqual({ watchId: "folder", changedPaths: [later] })
  expect(told).toContainEqual({ watchId: "file", changedPaths: [later] })
})

test.skipIf(isMissing)("a link is told as one, with what it leads to", async () => {
  const host = await greeted(ours())
  const folder = place("linked")
  mkdirSync(join(folder, "real"))
  symlinkSync(join(folder, "real"), join(folder, "link"))
  const { result } = await host.request("fs/getMetadata", { path: join(folder, "link") })
  await host.end()
  expect(result).toMatchObject({ isDirectory: true, isFile: false, isSymlink: true, modifiedAtMs: expect.any(Number) })
})

test.skipIf(isMissing)("a difference to a remote holds what is committed, changed and new since then", async () => {
  const host = await greeted(ours())
  const folder = place("repo")
  const git = (line: string) => {
    const who = "-c user.name=a -c user.email=a@b -c init.defaultBranch=main"
    const { exitCode, stderr } = Bun.spawnSync(["sh", "-c", `git ${who} ${line}`], { cwd: folder, env: at.env })
    if (exitCode !== 0) throw new Error(`git ${line}: ${stderr}`)
  }
  git("init -q")
  writeFileSync(join(folder, "a.txt"), "one\n")
  git("add -A && git -c user.name=a -c user.email=a@b commit -qm one")
  git("clone -q --bare . ../repo-remote.git && git remote add origin ../repo-remote.git && git fetch -q")
  const sha = Bun.spawnSync(["git", "rev-parse", "HEAD"], { cwd: folder }).stdout.toString().trim()
  writeFileSync(join(folder, "a.txt"), "two\n")
  git("commit -qam two")
  writeFileSync(join(folder, "a.txt"), "three\n")
  writeFileSync(join(folder, "it's new"), "new\n")
  const { result } = await host.request("gitDiffToRemote", { cwd: folder })
  await host.end()
  expect(result?.sha).toBe(sha)
  expect(result?.diff).toContain("-one\n+three\n")
  expect(result?.diff).toContain("+++ b/it's new")
})

test.skipIf(isMissing)("without the experimental capability a process is refused by name", async () => {
  const host = ours()
  await host.handshake()
  const { error } = await host.request("process/spawn", { command: ["ls"], processHandle: "h", cwd: "/" })
  await host.end()
  expect(error).toMatchObject({ code: -32600, message: "process/spawn requires experimentalApi capability" })
})

function textOf({ params }: Message): string {
  return Buffer.from(String(params?.deltaBase64), "base64").toString()
}
