import { expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { withMcpServer } from "./ground/mcp-server.ts"
import { processesLeft } from "./ground/processes.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 120_000
const called = (input: object) => ({ calls: [{ name: "call_tool", args: { name: "run_code", input } }] })

describeBinary("programs that call tools", () => {
  test(
    "a program of the model's calls a server's tools and others, each call is recorded, and only its result is sent",
    async () => {
      const code = `
        import { add_note, list_notes } from "servers/notes"
        for (const text of ["one", "two"]) await add_note({ text })
        const notes = await list_notes()
        const files = await call("glob", { pattern: "*.txt" })
        export default { kind: typeof notes, files: files.includes("a.txt") }
      `
      using talk = talking(called({ search: "note" }), called({ code }), { text: "Done." })
      const { scene, server } = talk
      writeFileSync(scene.path("a.txt"), "a\n")
      expect((await scene.run(["mcp", "add", "notes", "--", withMcpServer(scene)])).code).toBe(0)
      // Before it has been looked at, nobody knows what it offers.
      expect((await scene.run(["mcp", "tools", "notes"])).code).toBe(0)

      const { code: exit, out, err } = await scene.run(["-p", "note it", "--mode", "full", "--json"])
      expect([exit, err]).toEqual([0, expect.any(String)])
      const said = server.requests.map(({ text }) => text)
      expect(said[1]).toContain('from \\"servers/notes\\"')
      expect(said[2]).toContain('{\\"kind\\":\\"string\\",\\"files\\":true}')
      expect(said[2]).not.toContain("noted: one")
      const names = out
        .split("\n")
        .filter((line) => line.includes('"call.requested"'))
        .map((line) => JSON.parse(line).name)
      expect(names).toEqual([
        "call_tool",
        "call_tool",
        "mcp__notes__add_note",
        "mcp__notes__add_note",
        "mcp__notes__list_notes",
        "glob",
      ])
      expect(await processesLeft(scene.root, HANG_MS)).toEqual([])
    },
    HANG_MS,
  )

  test(
    "where nothing but built-in tools is there, no request tells of programs",
    async () => {
      using talk = talking({ text: "Hello." })
      await talk.scene.run(["-p", "hello"])
      expect(talk.server.requests[0]?.text).not.toContain("run_code")
    },
    HANG_MS,
  )
})
