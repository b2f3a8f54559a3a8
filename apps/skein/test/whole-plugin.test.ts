import { expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { withMcpServer } from "./ground/mcp-server.ts"
import type { Scene } from "./ground/scene.ts"
import { working } from "./ground/working.ts"

const HANG_MS = 60_000
/** Servers have a temporary folder of their own, and see no plugin in this one. */
const BASE = "/var/tmp"
const call = (name: string, args: object) => ({ calls: [{ name, args }] })
const markdown = (head: string, text: string) => `---\n${head}\n---\n\n${text}\n`

/** A plugin as Claude Code has them, with a part of every kind. */
function plugin(scene: Scene): string {
  const root = join(scene.root, "kit")
  const guard = { type: "command", command: '"${CLAUDE_PLUGIN_ROOT}"/hooks/guard.sh' }
  const files = {
    ".claude-plugin/plugin.json": JSON.stringify({ name: "kit", version: "1.0.0", description: "All of it" }),
    "skills/greet/SKILL.md": markdown("name: greet\ndescription: Greets people.", "Say good day."),
    "commands/tidy.md": markdown("description: Tidies up", "Tidy $ARGUMENTS up."),
    "agents/mender.md": markdown("name: mender\ndescription: Mends things", "You mend what is torn."),
    "output-styles/brief.md": markdown("name: Brief\ndescription: Is brief", "Be very brief."),
    "hooks/hooks.json": JSON.stringify({ hooks: { PreToolUse: [{ matcher: "Bash", hooks: [guard] }] } }),
    "hooks/guard.sh": GUARD,
    ".mcp.json": JSON.stringify({ mcpServers: { notes: { command: "${CLAUDE_PLUGIN_ROOT}/server.sh" } } }),
    "server.sh": readFileSync(withMcpServer(scene), "utf8").replace("token $TOKEN", "python $PYTHONDONTWRITEBYTECODE"),
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
    if (name.endsWith(".sh")) chmodSync(join(root, name), 0o755)
  }
  return root
}

/** Leaves beside itself what Python would leave there, unless it is told not to. */
const GUARD = `#!/bin/sh
[ -n "$PYTHONDONTWRITEBYTECODE" ] || echo compiled > "$CLAUDE_PLUGIN_ROOT/hooks/rules.pyc"
echo ran >> "$CLAUDE_PLUGIN_DATA/seen"
grep -q forbidden || exit 0
echo 'not with this plugin' >&2
exit 2
`

describeBinary("a plugin in Claude Code's layout", () => {
  test(
    "brings its skills, commands, agents, output styles, hooks and servers into a turn, and stays what was agreed to",
    async () => {
      using at = working(
        {
          "Tidy the attic up.": [
            call("bash", { command: "touch forbidden.txt" }),
            call("bash", { command: "touch allowed.txt" }),
            call("call_tool", { name: "skill", input: { name: "kit:greet" } }),
            call("mcp", { search: "note" }),
            call("task", { agent: "kit:mender", description: "mend", prompt: "Mend it." }),
            { text: "Tidied." },
          ],
          "Mend it.": [{ text: "Mended." }],
        },
        BASE,
      )
      const { scene } = at
      expect((await scene.run(["plugin", "install", plugin(scene), "--yes"])).code).toBe(0)

      const ran = await scene.run(["-p", "--mode", "auto", "--output-style", "kit:brief", "/kit:tidy the attic"])

      expect([ran.out, ran.code]).toEqual(["Tidied.\n", 0])
      const [denied, allowed, skill, servers, mended] = at.results("Tidy the attic up.")
      expect(denied).toContain("not with this plugin")
      expect([allowed, existsSync(scene.path("forbidden.txt"))]).toEqual([expect.any(String), false])
      expect(existsSync(scene.path("allowed.txt"))).toBe(true)
      expect(skill).toContain("The skill kit:greet is open")
      expect(at.server.requests.at(-1)?.text).toContain("Say good day.")
      expect(servers).toContain("add_note")
      expect(mended).toContain("Mended.")
      expect(at.asked("Mend it.")?.system).toContain("You mend what is torn.")
      expect(at.asked("Tidy the attic up.")?.system).toContain("Be very brief.")
      expect(readFileSync(join(`${scene.data}-plugin-data`, "kit/seen"), "utf8")).toBe("ran\nran\n")
      expect((await scene.run(["mcp", "call", "notes", "list_notes", "--yes"])).out).toContain("python 1")
      expect((await scene.run(["plugin", "list"])).out).toMatch(/^kit +1\.0\.0 +enabled/m)
      expect(scene.files(`${scene.data}-plugins`).filter((path) => path.endsWith(".pyc"))).toEqual([])
    },
    HANG_MS,
  )
})
