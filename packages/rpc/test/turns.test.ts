import { expect, test } from "bun:test"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { serveEngine } from "../src/index.ts"
import { pair } from "./pair.ts"

const ASKS = 200

test("one connection's queries that came in one piece take turns with another's, and all of them are answered", async () => {
  const engine = testEngine(scriptedModel(say("Hi")))
  const server = serveEngine(engine, {
    server: { name: "skein", version: "1" },
    onDefect: (error) => Promise.reject(error),
  })
  const [flood, honest] = [pair(), pair()]
  const running = [flood, honest].map(({ near }) => server.accept(near))
  const send = ({ far }: typeof flood, id: number, method: string, params: object) =>
    far.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }))
  const query = { query: { type: "sessions.list" } }
  let answered = 0
  const all = (async () => {
    for await (const text of flood.far.messages) {
      if ("result" in JSON.parse(text)) answered += 1
      if (answered === ASKS + 1) return
    }
  })()
  send(flood, 0, "initialize", { protocol: 1 })
  for (let id = 1; id <= ASKS; id++) send(flood, id, "ask", query)
  // As what another socket has brought: it is heard of in the next round of the process.
  const first = new Promise<number>((resolve) => {
    setImmediate(async () => {
      send(honest, 0, "initialize", { protocol: 1 })
      send(honest, 1, "ask", query)
      for await (const text of honest.far.messages) if (JSON.parse(text).id === 1) return resolve(answered)
    })
  })
  expect(await first).toBeLessThan(ASKS / 4)
  await all
  await server.close()
  await Promise.all(running)
  await engine.close()
})
