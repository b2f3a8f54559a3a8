import { expect, test } from "bun:test"
import { typed } from "./commanded.ts"

test("/plugins says which plugins are on, what kinds of parts each brings, and how to see more", async () => {
  const all = [
    { name: "demo", version: "1.2.0", folder: "/p/demo", brings: ["skills", "outputStyles", "mcpServers"] as const },
    { name: "bare", folder: "/p/bare", brings: [] },
  ]
  expect(await typed("plugins", { "plugins.list": all })).toEqual({
    kind: "show",
    text: `demo 1.2.0: skills, output styles, MCP servers
bare: nothing
skein plugin info NAME tells all of one; skein plugin disable NAME turns it off.`,
  })
  expect(await typed("plugins", { "plugins.list": [] })).toMatchObject({
    text: expect.stringContaining("skein plugin install gets one"),
  })
})
