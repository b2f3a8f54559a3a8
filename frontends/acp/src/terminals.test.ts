import { expect, test } from "bun:test"
import type { Json } from "./rpc.ts"
import { runInTerminal } from "./terminals.ts"

/** A client with one terminal, whose command ends when it is killed, or by itself at once. */
function client(endsBy: "itself" | "kill") {
  const did: string[] = []
  const ended = Promise.withResolvers<object>()
  const over = new AbortController()
  if (endsBy === "itself") ended.resolve({ exitCode: 0, signal: null })
  const ask = async (method: string, params: Json): Promise<unknown> => {
    did.push(`${method.replace("terminal/", "")} ${params.terminalId ?? params.cwd}`)
    if (method === "terminal/create") return { terminalId: "t1" }
    if (method === "terminal/wait_for_exit") return await ended.promise
    if (method === "terminal/kill") ended.resolve({ exitCode: null, signal: "SIGKILL" })
    return method === "terminal/output" ? { output: "said\n", truncated: true } : {}
  }
  const shown: string[] = []
  const onCreated = (callId: string, terminalId: string) => void shown.push(`${callId} ${terminalId}`)
  const named = (path: string) => path.replace("/real", "/link")
  const warned: string[] = []
  const warn = (text: string) => void warned.push(text)
  return { did, shown, over, warned, given: { sessionId: "ses_1", named, ask, onCreated, over: over.signal, warn } }
}

const request = (timeoutMs: number) => ({
  ...{ callId: "cal_1", command: "make", cwd: "/real/app", timeoutMs, outputBytesMax: 100 },
})

test("a command that ends by itself is answered with how it ended, and its terminal let go of", async () => {
  const { did, shown, given } = client("itself")
  expect(await runInTerminal(request(60_000), given)).toEqual({ output: "said\n", isTruncated: true, exitCode: 0 })
  expect(did).toEqual(["create /link/app", "wait_for_exit t1", "output t1", "release t1"])
  expect(shown).toEqual(["cal_1 t1"])
})

test("one that takes too long is ended, and answered with what it said until then", async () => {
  const { did, given } = client("kill")
  const timedOut = { output: "said\n", isTruncated: true, signal: "SIGKILL", isTimedOut: true }
  expect(await runInTerminal(request(1), given)).toEqual(timedOut)
  expect(did).toEqual(["create /link/app", "wait_for_exit t1", "kill t1", "output t1", "release t1"])
})

test("one whose call is over is ended; a client that fails in between still lets go of the terminal", async () => {
  const stopped = client("kill")
  stopped.over.abort()
  await runInTerminal(request(60_000), stopped.given)
  expect(stopped.did).toContain("kill t1")

  const failing = client("itself")
  const ask = async (method: string, params: Json) => {
    if (method === "terminal/output") throw new Error("No output.")
    return await failing.given.ask(method, params)
  }
  await expect(runInTerminal(request(60_000), { ...failing.given, ask })).rejects.toThrow("No output.")
  expect(failing.did.at(-1)).toBe("release t1")
})

test("what a command said is not lost with a client that cannot let go of the terminal", async () => {
  const { warned, given } = client("itself")
  const ask = async (method: string, params: Json) => {
    if (method === "terminal/release") throw new Error("There is none.")
    return await given.ask(method, params)
  }
  expect(await runInTerminal(request(60_000), { ...given, ask })).toMatchObject({ output: "said\n", exitCode: 0 })
  expect(warned).toEqual(["A terminal was not let go of: Error: There is none."])
})
