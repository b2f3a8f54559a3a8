import { expect, test } from "bun:test"
import { withoutServer, withServer } from "../src/server-edited.ts"

const BEFORE = `# mine
model = "a/b" # why

[mcp_servers.git] # the first
command = "git-server"

[mcp_servers.git.env]
A = "1"

[tui]
theme = "dark"
`

test("a server is written behind all else, which stays byte for byte", () => {
  const server = { command: "npx", args: ["-y", 'a "b"'], env: { KEY: "${KEY}" } }
  const after = withServer(BEFORE, "my notes", server)
  expect(after).toBe(`${BEFORE}
[mcp_servers."my notes"]
command = "npx"
args = ["-y","a \\"b\\""]

[mcp_servers."my notes".env]
KEY = "\${KEY}"
`)
  expect(withServer("", "x", { command: "x" })).toBe('[mcp_servers.x]\ncommand = "x"\n')
  expect(withoutServer(after ?? "", "my notes")).toBe(BEFORE)
})

test("a server is taken out with all its tables, and nothing else is", () => {
  expect(withoutServer(BEFORE, "git")).toBe(`# mine
model = "a/b" # why

[tui]
theme = "dark"
`)
  expect(withoutServer(BEFORE, "nope")).toBe(BEFORE)
})

test("what cannot be changed without knowing better is left as it is", () => {
  expect(withoutServer('mcp_servers.git.command = "x"\n', "git")).toBeUndefined()
  expect(withServer('mcp_servers = { git = { command = "x" } }\n', "y", { command: "y" })).toBeUndefined()
})
