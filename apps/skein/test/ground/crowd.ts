import { readFileSync } from "node:fs"
import { connect as connectSocket, type Socket } from "node:net"
import type { Event, SessionId } from "@skein/protocol"
import type { RemoteEngine } from "@skein/rpc"

/** A client that reads all that comes, and when. */
export interface Listener {
  /** Resolves when so many turns have ended, with the time. */
  ended(turns: number): Promise<number>
  readonly seqs: readonly number[]
  close(): void
}

export function listener(engine: RemoteEngine, sessionId: SessionId): Listener {
  const seqs: number[] = []
  const endings: number[] = []
  let wake = () => {}
  const read = async () => {
    for await (const event of engine.events({ sessionId, from: 1 })) {
      if ("seq" in event) seqs.push(event.seq)
      if (event.type !== "turn.ended") continue
      endings.push(performance.now())
      wake()
    }
  }
  const reading = read()
  return {
    seqs,
    async ended(turns) {
      while (endings.length < turns) {
        const next = new Promise<void>((resolve) => {
          wake = resolve
        })
        await Promise.race([next, reading])
      }
      return endings[turns - 1] ?? Number.NaN
    },
    close: () => engine.close(),
  }
}

/** A client that asks for everything at once and then reads nothing until it is told to. */
export async function deaf(path: string, sessionId: SessionId) {
  const socket = await greeted(path, sessionId)
  socket.pause()
  return {
    /** Reads from now on, until a durable event with this `seq` has come; the durable ones, in their order. */
    async read(upTo: number): Promise<readonly number[]> {
      const seqs: number[] = []
      let rest = ""
      socket.resume()
      for await (const chunk of socket) {
        const lines = `${rest}${chunk}`.split("\n")
        rest = lines.pop() ?? ""
        for (const line of lines) {
          const { params } = JSON.parse(line) as { params?: { event?: Event } }
          if (params?.event !== undefined && "seq" in params.event) seqs.push(params.event.seq)
        }
        if (seqs.at(-1) === upTo) break
      }
      return seqs
    },
    close: () => socket.destroy(),
  }
}

/** A program that subscribes, says half a message, and is killed in the middle of it. */
export async function killedMidway(path: string, sessionId: SessionId): Promise<void> {
  const script = `
    const socket = require("node:net").connect(${JSON.stringify(path)})
    socket.write(${JSON.stringify(`${hello(sessionId).join("\n")}\n{"jsonrpc":"2.0","id":9,"method":"as`)})
    socket.once("data", () => { socket.pause(); process.stdout.write("heard") })
    setInterval(() => {}, 1000)`
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" })
  await child.stdout.getReader().read()
  child.kill("SIGKILL")
  await child.exited
}

/** Resident memory of a process, in MB. */
export function residentMb(pid: number): number {
  const [, kb = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
  return Number(kb) / 1024
}

function hello(sessionId: SessionId): string[] {
  const say = (message: object) => JSON.stringify({ jsonrpc: "2.0", ...message })
  return [
    say({ id: 1, method: "initialize", params: { protocol: 1, client: { name: "hand", version: "0" } } }),
    say({ id: 2, method: "subscribe", params: { subscription: { sessionId, from: 1 }, window: 1024 } }),
    // Far more than it will take.
    ...Array.from({ length: 100 }, () => say({ method: "more", params: { subscriptionId: "sub_1", count: 1024 } })),
  ]
}

function greeted(path: string, sessionId: SessionId): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(path)
    socket.setEncoding("utf8")
    socket.once("error", reject)
    socket.once("connect", () => socket.write(`${hello(sessionId).join("\n")}\n`, () => resolve(socket)))
  })
}
