/**
 * What a wire costs: `bun bench/wire.ts [SKEIN]`. An event over each transport beside one in the same process, and how soon a client of
 * the program has its first. Both ends of the first part are in one process, so their work adds up.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { accepted, type Engine, type Event } from "../packages/protocol/src/index.ts"
import { connect, dialing, listenHttp, listenUnix, serveEngine } from "../packages/rpc/src/index.ts"
import { medianOf } from "./samples.ts"

const EVENTS = 50_000
const ROUNDS = 5
const STARTS = 9
const CLIENT = { client: { name: "bench", version: "0" }, window: 1024 }
const TOKEN = "a-token-of-the-bench"

const folder = mkdtempSync(join(tmpdir(), "skein-bench-wire-"))
const onDefect = (error: unknown) => console.error(error)
try {
  await perEvent()
  await firstEvent(resolve(process.argv[2] ?? join(import.meta.dir, "../dist/skein")))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** An event as the most frequent one is: some letters of an answer. */
async function perEvent(): Promise<void> {
  const engine: Engine = { submit: () => Promise.reject(), ask: () => Promise.reject(), events: () => deltas() }
  const server = serveEngine(engine, { server: { name: "bench", version: "0" }, onDefect })
  const unix = await listenUnix(server, { path: join(folder, "s"), lock: () => ({ kind: "locked" }), onDefect })
  const http = await listenHttp(server, { hostname: "127.0.0.1", port: 0, token: TOKEN, onDefect })
  const here = await microsEach(engine)
  console.log(`one event in the same process: ${here.toFixed(2)} µs`)
  for (const [name, address, way] of [
    ["a Unix socket", unix.address, undefined],
    ["WebSocket", http.address, "websocket"],
    ["server-sent events", http.address, "requests"],
  ] as const) {
    const remote = await connect(dialing(address, { token: TOKEN, way }), CLIENT)
    const micros = await microsEach(remote)
    console.log(`one event over ${name}: ${micros.toFixed(2)} µs, ${(micros / here).toFixed(0)} times`)
    remote.close()
  }
  await server.close()
  await Promise.all([unix.close(), http.close()])
}

async function microsEach(engine: Engine): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    let count = 0
    for await (const _ of engine.events({ sessionId: "ses_a", from: 1 })) count += 1
    if (count !== EVENTS) throw new Error(`${count} of ${EVENTS} events came`)
    times.push(((performance.now() - begun) * 1000) / EVENTS)
  }
  return medianOf(times)
}

async function* deltas(): AsyncGenerator<Event, undefined> {
  for (let live = 1; live <= EVENTS; live++) {
    const envelope = { v: 1, after: 1, live, at: 1_700_000_000_000, sessionId: "ses_a" } as const
    yield { ...envelope, type: "item.delta", itemId: "itm_a", channel: "text", text: "some words" }
  }
  return undefined
}

/** From the start of the program until it listens, and from dialling until the first event of a session. */
async function firstEvent(skein: string): Promise<void> {
  const [listening, first]: [number[], number[]] = [[], []]
  for (let start = 0; start < STARTS; start++) {
    const begun = performance.now()
    const env = { PATH: "/usr/bin:/bin", HOME: folder, SKEIN_HOME: join(folder, "home"), ANTHROPIC_API_KEY: "none" }
    const child = Bun.spawn([skein, "serve"], { cwd: folder, env, stdin: "ignore", stderr: "pipe", stdout: "ignore" })
    const { value } = await child.stderr.getReader().read()
    listening.push(performance.now() - begun)
    const [, address = ""] = /^listening on (\S+)$/m.exec(new TextDecoder().decode(value)) ?? []
    const maker = await connect(dialing(address), CLIENT)
    const { sessionId } = await accepted(maker, {
      type: "session.create",
      cwd: folder,
      settings: { model: "anthropic/claude-sonnet-5-5" },
    })
    const dialled = performance.now()
    const remote = await connect(dialing(address), CLIENT)
    await remote.events({ sessionId, from: 1 })[Symbol.asyncIterator]().next()
    first.push(performance.now() - dialled)
    if (start === 0) console.log(`memory with two clients: ${residentMb(child.pid).toFixed(0)} MB`)
    for (const client of [maker, remote]) client.close()
    child.kill("SIGTERM")
    await child.exited
  }
  console.log(
    `skein serve listens after ${medianOf(listening).toFixed(0)} ms; from dialling to the first event: ${medianOf(first).toFixed(1)} ms`,
  )
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024
}
