import { expect, test } from "bun:test"
import { NewParams } from "./params.ts"
import { serverSpecs, withoutServers } from "./servers.ts"

test("servers that a client brings are taken in each of the protocol's forms", () => {
  const mcpServers = [
    { name: "files", command: "/bin/files", args: ["-a"], env: [{ name: "TOKEN", value: "t" }] },
    { type: "http", name: "web", url: "https://web.example/mcp", headers: [{ name: "X-Key", value: "k" }] },
    { type: "sse", name: "old", url: "https://old.example/sse", headers: [] },
  ]
  const specs = serverSpecs(NewParams().parse({ cwd: "/repo", mcpServers }).mcpServers)
  expect(specs).toEqual([
    { name: "files", transport: { kind: "stdio", command: "/bin/files", args: ["-a"], env: { TOKEN: "t" } } },
    { name: "web", transport: { kind: "http", url: "https://web.example/mcp", headers: { "X-Key": "k" } } },
    { name: "old", transport: { kind: "sse", url: "https://old.example/sse", headers: {} } },
  ])
  expect(withoutServers(specs, "no")).toEqual(["The session goes on without files, web, old: no"])
  expect(withoutServers([], "no")).toEqual([])
})
