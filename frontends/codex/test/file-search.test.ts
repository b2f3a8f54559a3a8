import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { FoundPaths } from "@skein/protocol"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { ground, isMissing, program } from "./program.ts"
import { client, serve } from "./talk.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

const none: FoundPaths = { paths: [], lookedAt: 0, isCut: false }

test("one question is answered with files of all roots, best first, each with what was typed of it", async () => {
  const answers: Record<string, FoundPaths> = {
    "/a": { ...none, paths: [{ path: "src/", score: 10, positions: [0, 1] }] },
    "/b": { ...none, paths: [{ path: "lib/src.ts", score: 30, positions: [4, 5] }] },
  }
  const host = serve(testEngine(scriptedModel(say("")), { finder: { find: async (root) => answers[root] ?? none } }))
  await host.handshake({ experimentalApi: true })
  const { result } = await host.request("fuzzyFileSearch", {
    query: "sr",
    roots: ["/a", "/b"],
    cancellationToken: null,
  })
  const refused = await host.request("fuzzyFileSearch", { query: "sr", roots: ["a"] })
  await host.end()

  expect(result?.files).toEqual([
    { root: "/b", path: "lib/src.ts", match_type: "file", file_name: "src.ts", score: 30, indices: [4, 5] },
    { root: "/a", path: "src", match_type: "directory", file_name: "src", score: 10, indices: [0, 1] },
  ])
  expect(refused.error?.message).toBe("Invalid request: a is no absolute path")
})

test("of keys that come while files are looked for only the last one is told of, updated and then completed", async () => {
  const waiting: (() => void)[] = []
  const finder = {
    async find(_root: string, query: string) {
      if (query === "r") await new Promise<void>((resolve) => waiting.push(resolve))
      return { ...none, paths: [{ path: `${query}.ts`, score: 1, positions: [] }] }
    },
  }
  const host = serve(testEngine(scriptedModel(say("")), { finder }))
  await host.handshake({ experimentalApi: true })
  await host.request("fuzzyFileSearch/sessionStart", { sessionId: "s", roots: ["/a"] })
  await host.request("fuzzyFileSearch/sessionUpdate", { sessionId: "s", query: "r" })
  await host.request("fuzzyFileSearch/sessionUpdate", { sessionId: "s", query: "ro" })
  await host.next("fuzzyFileSearch/sessionCompleted")
  for (const go of waiting) go()
  await host.request("fuzzyFileSearch/sessionStop", { sessionId: "s" })
  const late = await host.request("fuzzyFileSearch/sessionUpdate", { sessionId: "s", query: "x" })
  await host.end()

  const told = host.messages.filter(({ method }) => method?.startsWith("fuzzyFileSearch/"))
  expect(told.map(({ method, params }) => [method, params?.query])).toEqual([
    ["fuzzyFileSearch/sessionUpdated", "ro"],
    ["fuzzyFileSearch/sessionCompleted", undefined],
  ])
  expect(late.error?.message).toBe("fuzzy file search session not found: s")
})

describe.skipIf(isMissing)("the built program", () => {
  const here = ground(() => ({ text: "" }))
  afterAll(() => here.remove())

  test("finds files of a folder while they come", async () => {
    writeFileSync(join(here.folder, "first-file.ts"), "")
    const child = Bun.spawn([program, "app-server"], {
      ...{ cwd: here.folder, env: here.env, stdin: "pipe", stdout: "pipe", stderr: "ignore" },
    })
    const host = client((line) => {
      child.stdin.write(`${line}\n`)
      child.stdin.flush()
    })
    const reading = (async () => {
      let rest = ""
      for await (const chunk of child.stdout) {
        const lines = (rest + Buffer.from(chunk).toString()).split("\n")
        rest = lines.pop() ?? ""
        for (const line of lines) host.take(line)
      }
    })()
    await host.handshake({ experimentalApi: true })
    const names = async () => {
      const { result } = await host.request("fuzzyFileSearch", { query: "file", roots: [here.folder] })
      return ((result?.files ?? []) as { readonly path: string }[]).map(({ path }) => path).toSorted()
    }
    expect(await names()).toEqual(["first-file.ts"])
    writeFileSync(join(here.folder, "second-file.ts"), "")
    while ((await names()).length < 2) await Bun.sleep(25)
    expect(await names()).toEqual(["first-file.ts", "second-file.ts"])
    child.stdin.end()
    await Promise.all([child.exited, reading])
  })
})
