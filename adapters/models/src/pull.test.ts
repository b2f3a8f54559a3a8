import { expect, test } from "bun:test"
import { pullModel } from "./pull.ts"
import type { Fetch } from "./tape/tape.ts"

const baseUrl = "http://127.0.0.1:11434"

function saying(...lines: readonly object[]) {
  const asked: string[] = []
  const fetch: Fetch = async (url, init) => {
    asked.push(`${url} ${init?.body}`)
    return new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  }
  return { asked, fetch }
}

async function pulled(fetch: Fetch): Promise<readonly string[]> {
  const heard: string[] = []
  const onProgress = (bytes: number, total: number | undefined) => void heard.push(`${bytes} of ${total}`)
  await pullModel("qwen3", { baseUrl, fetch }, { signal: new AbortController().signal, onProgress })
  return heard
}

test("an Ollama is asked to get a model, and says how far it is until it is there", async () => {
  const server = saying({ status: "pulling" }, { status: "pulling", completed: 5, total: 10 }, { status: "success" })

  expect(await pulled(server.fetch)).toEqual(["5 of 10"])
  expect(server.asked).toEqual(['http://127.0.0.1:11434/api/pull {"model":"qwen3","stream":true}'])
})

test("a name that nobody has, an end before the model is there, and no Ollama are told apart", async () => {
  await expect(pulled(saying({ error: "pull model manifest: file does not exist" }).fetch)).rejects.toThrow(
    "Ollama could not get the model: pull model manifest: file does not exist.",
  )
  await expect(pulled(saying({ status: "pulling" }).fetch)).rejects.toThrow(/ended before the model was there/)
  await expect(pulled(() => Promise.reject(new TypeError("refused")))).rejects.toThrow(/No Ollama answers at/)
})

test("another server in its place is told with what it said, made visible and short, and is followed nowhere", async () => {
  const page = () => Promise.resolve(new Response(`<h1>\u001b[2Jno${"x".repeat(9_000)}`))
  const message = await pulled(page).catch((error: unknown) => String(error))
  expect(message).toContain("Ollama could not get the model: it said <h1> [2Jnoxxx")
  expect(message.length).toBeLessThan(500)
  await expect(pulled(saying([1]).fetch)).rejects.toThrow("it said [1].")
  const unknown = async () => Response.json({ error: "no such model" }, { status: 404 })
  await expect(pulled(unknown)).rejects.toThrow("Ollama could not get the model: no such model.")
  const inits: unknown[] = []
  const elsewhere: Fetch = async (_, init) => {
    inits.push(init?.redirect)
    return new Response(undefined, { status: 302, headers: { location: "http://elsewhere.test" } })
  }
  await expect(pulled(elsewhere)).rejects.toThrow("HTTP 302")
  expect(inits).toEqual(["manual"])
})
