import { expect, test } from "bun:test"
import { cpSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000

describeBinary("skein at both ends of the protocol", () => {
  test(
    "a turn of one reads a file of another's folder by that one's tool",
    async () => {
      using talk = talking(
        { calls: [{ name: "mcp", args: { search: "read a file" } }] },
        { calls: [{ name: "mcp", args: { tool: "mcp__other__read", input: { path: "far.txt" } } }] },
        { text: "Read." },
      )
      const { scene, server } = talk
      const far = join(scene.root, "far")
      mkdirSync(far)
      writeFileSync(join(far, "far.txt"), "from afar\n")
      // The server is held to a sandbox, in which its home cannot be written.
      // Where a server that is held to its own temporary folder finds it.
      const program = scene.path("skein-copy")
      cpSync(BINARY, program)
      const config = JSON.stringify({
        mcpServers: { other: { command: program, args: ["mcp", "serve", "--ephemeral", far] } },
      })
      const { code, err } = await scene.run(["-p", "look", "--mode", "full", "--no-sandbox", "--mcp-config", config])
      expect([code, err.includes("other")]).toEqual([0, true])
      expect(server.requests.at(-1)?.text).toContain("from afar")
    },
    HANG_MS,
  )
})
