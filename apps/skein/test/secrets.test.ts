import { expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import type { Reply } from "./ground/wire.ts"
import { anthropic as wire } from "./ground/wire-anthropic.ts"

const HANG_MS = 60_000
const CANARY = "canary-91d3"

describeBinary("of what a model sees", () => {
  test(
    "nothing comes from key stores, skein's own files or its environment, in the mode that asks about nothing",
    async () => {
      const scene = new Scene({ CUSTOM_TOKEN: CANARY })
      const own = join(scene.data, "sessions")
      const names = [".ssh/id", ".codex/auth.json", ".npmrc", ".config/skein/config.toml", ".local/share/skein/other"]
      const files = names.map((name) => join(scene.home, name))
      for (const file of files) {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, `# ${CANARY}\n`, { mode: 0o600 })
      }
      const calls: Reply["calls"] = [
        ...files.map((path) => ({ name: "read", args: { path } })),
        { name: "grep", args: { pattern: "canary-", path: scene.home, hidden: true } },
        { name: "list", args: { path: own } },
        { name: "bash", args: { command: `env; cat ${files.join(" ")}; grep -r canary- ${scene.home}; ls ${own}` } },
        { name: "read", args: { path: "/proc/self/environ" } },
      ]
      let count = 0
      const server = modelServer(wire, (asked) => asked.say(count++ === 0 ? { calls } : { text: "Nothing." }))
      try {
        const ran = await scene.run(["run", "--mode", "full", "find keys"], { env: wire.env(server.url) })

        expect({ code: ran.code, out: ran.out, complaints: server.complaints }).toEqual({
          code: 0,
          out: "Nothing.\n",
          complaints: [],
        })
        const results = server.conversations.at(-1)?.results.map(({ text }) => text) ?? []
        expect(results).toHaveLength(calls.length)
        expect(results.filter((text) => text.includes(CANARY))).toEqual([])
        expect(results.filter((text) => text.includes("ses_"))).toEqual([])
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )

  test(
    "the whole of a long output is there to be read, unasked",
    async () => {
      const scene = new Scene()
      const replies: ((seen: string) => Reply)[] = [
        () => ({ calls: [{ name: "bash", args: { command: "seq 100000" } }] }),
        (seen) => {
          const path = /is in (\S+\.txt)/.exec(seen)?.[1] ?? ""
          return { calls: [{ name: "read", args: { path, offset: 50_000, limit: 1 } }] }
        },
        () => ({ text: "Read." }),
      ]
      const server = modelServer(wire, (asked) => {
        const seen = asked.conversation.results.at(-1)?.text ?? ""
        return asked.say(replies.shift()?.(seen) ?? { text: "Too much." })
      })
      try {
        const ran = await scene.run(["run", "count"], { env: wire.env(server.url) })

        expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: "Read.\n" })
        expect(server.conversations.at(-1)?.results.at(-1)?.text).toContain("50000\t50000")
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )
})
