import { expect, test } from "bun:test"
import { leftOutOf } from "./left-out.ts"
import type { FolderTrust } from "./trusting.ts"

const server = (sha256: string) => ({ kind: "mcp", name: ".mcp.json#mcpServers.it", sha256 })
const untrusted = (sha256: string): FolderTrust => ({
  ...{ folder: "/w", state: "untrusted", isByPerson: false, items: [server(sha256)], changed: [server(sha256)] },
})

function world(first: FolderTrust) {
  const said: string[] = []
  let found = first
  const trust = { trustOf: async () => found, isRefused: () => false }
  const now = (next: FolderTrust) => {
    found = next
  }
  return { said, now, leftOut: leftOutOf(trust, (text) => said.push(text)) }
}

test("what several parts leave out of a folder is one sentence, and another one once something of it changed", async () => {
  const { said, leftOut, now } = world(untrusted("a"))
  await Promise.all([leftOut.tell("/w", "A server is left out."), leftOut.tell("/w/below", "A hook is left out.")])
  expect(said).toEqual([expect.stringMatching(/^1 item of this folder .*\(mcp 1\), and it is not trusted/)])
  now(untrusted("b"))
  await leftOut.tell("/w", "A server is left out.")
  expect(said).toHaveLength(2)
})

test("what a front-end said no part says again", async () => {
  const { said, leftOut } = world(untrusted("a"))
  expect(await leftOut.news("/w")).toContain("skein trust items")
  await leftOut.tell("/w", "A server is left out.")
  expect([await leftOut.news("/w"), said]).toEqual([undefined, []])
})

test("in a trusted folder a part says itself what it leaves out, each thing once", async () => {
  const { said, leftOut } = world({ ...untrusted("a"), state: "trusted", isByPerson: true, changed: [] })
  for (const part of ["A hook is another.", "A hook is another.", "A plugin is another."])
    await leftOut.tell("/w", part)
  expect(said).toEqual(["A hook is another.", "A plugin is another."])
})
