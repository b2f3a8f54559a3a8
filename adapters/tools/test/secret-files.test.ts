import { afterEach, beforeEach, expect, test } from "bun:test"
import { linkSync, symlinkSync } from "node:fs"
import { basename, join } from "node:path"
import { fakeExec } from "@skein/testkit"
import { type ToolSession, toolSession } from "./session.ts"

const MARK = "[secret: API_KEY]"

let session: ToolSession
beforeEach(() => {
  const below = async (folders: readonly string[]) => folders.map((folder) => join(folder, ".env"))
  const reasonFor = (path: string) => (basename(path) === ".env" ? "it is an environment file" : undefined)
  session = toolSession({ secretFiles: { below, reasonFor } })
  session.put(".env", "API_KEY=canary-91d3\n")
  session.put("a.ts", "const canary = 1\n")
})
afterEach(() => session.close())

test("no file tool opens a file of secrets, under any name that leads to it, and each says why and what to do", async () => {
  symlinkSync(join(session.root, ".env"), join(session.root, "soft.txt"))
  for (const path of [".env", "./x/../.env", "soft.txt", `/proc/self/root${session.root}/.env`]) {
    for (const [tool, rest] of [
      ["read", {}],
      ["edit", { oldText: "API", newText: "X" }],
      ["write", { content: "x" }],
      ["multiedit", undefined],
      ["grep", { pattern: "canary" }],
      ["glob", { pattern: "*" }],
    ] as const) {
      const input = rest === undefined ? { edits: [{ path, oldText: "API", newText: "X" }] } : { path, ...rest }
      expect(await session.say(tool, input), `${tool} ${path}`).toMatch(
        /^error: .*because it is an environment file\. Ask the person .*secrets\.show/s,
      )
    }
  }
  expect(session.text(".env")).toBe("API_KEY=canary-91d3\n")
})

test("a search goes around it and says so; a listing shows its name", async () => {
  const found = await session.say("grep", { pattern: "canary", hidden: true })

  expect(found).toContain("a.ts:1:const canary = 1")
  expect(found).toEndWith("(not searched, because they hold secrets: .env)")
  expect(found).not.toContain("91d3")
  expect(await session.say("grep", { pattern: "canary", hidden: true, glob: ".env" })).not.toContain("91d3")
  expect(await session.say("list", { path: "." })).toContain(".env")
  expect(await session.say("glob", { pattern: "*", hidden: true })).toContain(".env")
})

test("a text with the mark of a secret is not written over the secret, and a file about such marks is edited like any", async () => {
  session.put("config.ts", 'const key = "canary-91d3"\nconst port = 1\n')
  await session.call("read", { path: "config.ts" })
  const refused = /stands for a secret that is not shown to you.*Nothing was written/s
  expect(await session.say("edit", { path: "config.ts", oldText: `const key = "${MARK}"\n`, newText: "" })).toMatch(
    refused,
  )
  expect(await session.say("edit", { path: "config.ts", oldText: "port = 1", newText: `port = ${MARK}` })).toMatch(
    refused,
  )
  expect(await session.say("write", { path: "config.ts", content: `const key = "${MARK}"\n` })).toMatch(refused)
  expect(await session.say("write", { path: "new.ts", content: MARK })).toMatch(refused)
  expect(session.text("config.ts")).toBe('const key = "canary-91d3"\nconst port = 1\n')
  await session.call("edit", { path: "config.ts", oldText: "port = 1", newText: "port = 2" })
  expect(session.text("config.ts")).toBe('const key = "canary-91d3"\nconst port = 2\n')

  session.put("marks.md", `A mark is ${MARK}.\n`)
  await session.call("read", { path: "marks.md" })
  await session.call("edit", { path: "marks.md", oldText: `is ${MARK}`, newText: `looks like ${MARK}` })
  expect(session.text("marks.md")).toBe(`A mark looks like ${MARK}.\n`)
})

test("a hard link that the finder knows is refused like its file", async () => {
  linkSync(join(session.root, ".env"), join(session.root, "hard.txt"))
  const own = toolSession({
    secretFiles: {
      below: async () => [],
      reasonFor: (path) => (path.endsWith("hard.txt") ? "it is another name" : undefined),
    },
  })
  own.put("hard.txt", "canary-91d3")

  expect(await own.say("read", { path: "hard.txt" })).toContain("it is another name")
  own.close()
})

test("a command that names a file of secrets is told that it was empty, without a word of it; another command is not", async () => {
  const own = toolSession({
    exec: fakeExec({ "cat .env": {}, "node --env-file=.env a.js": {}, "cat .env.example missing/.env": {} }),
    secretFiles: {
      below: async () => [],
      reasonFor: (path) => (basename(path) === ".env" ? "it holds keys" : undefined),
    },
  })
  own.put(".env", "API_KEY=canary-91d3\n")
  const note =
    "(.env is a file of secrets and was empty for the command; secrets.show in the person's config.toml opens it)"

  expect(await own.say("bash", { command: "cat .env" })).toContain(note)
  expect(await own.say("bash", { command: "node --env-file=.env a.js" })).toContain(note)
  expect((await own.call("bash", { command: "cat .env" })).forHuman).toMatchObject({
    summary: expect.stringContaining(".env was empty for it: secrets.show opens it"),
  })
  expect(await own.say("bash", { command: "cat .env.example missing/.env" })).not.toContain("secrets")
  own.close()
})
