import { describe, expect, test } from "bun:test"
import { mkdirSync } from "node:fs"
import { dirname } from "node:path"
import { isDurable } from "@skein/protocol"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { eventsOf, Scene } from "./ground/scene.ts"
import { WIRES } from "./ground/wires.ts"

/** A disk of our own needs a mount, which only root may make, in a namespace of its own. */
const CAN_MOUNT = process.getuid?.() === 0 && Bun.spawnSync(["unshare", "-m", "true"]).success

describe.skipIf(!CAN_MOUNT)("a full disk", () => {
  describeBinary("under the data folder", () => {
    test("stops the turn with a clear error, harms nothing before it, and with space again the session goes on", async () => {
      const [wire] = WIRES
      if (wire === undefined) throw new Error("No wire")
      let hasSpace = false
      const server = modelServer(wire, async (asked) => {
        const { length } = asked.conversation.results
        if (hasSpace) return asked.say({ text: "Went on." })
        await asked.say({
          text: "More. ".repeat(300),
          calls: [{ name: "bash", args: { command: `seq ${length} 4000` } }],
        })
      })
      const scene = new Scene(wire.env(server.url))
      try {
        mkdirSync(scene.data, { recursive: true })
        const disk = dirname(scene.data)
        const run = (...args: string[]) => args.map((arg) => `'${arg}'`).join(" ")
        const first = run(BINARY, "-p", "fill the disk", "-m", wire.model, "--output-format", "events")
        const child = Bun.spawn(
          [
            ...["unshare", "-m", "sh", "-c"],
            // Two megabytes, of which a file takes one: it is removed before the session is gone on with.
            `mount -t tmpfs -o size=2m,mode=700 tmpfs '${disk}' && mkdir -m 700 '${scene.data}'
             head -c 1000000 /dev/zero > '${disk}/ballast'
             ${first} > '${scene.temporary}/first.out' 2> '${scene.temporary}/first.err'; echo $?
             rm '${disk}/ballast'; read _
             ${run(BINARY, "resume", "--last", "--include-non-interactive", "go on", "-m", wire.model)}; echo $?
             cat '${scene.data}'/sessions/*.jsonl`,
          ],
          { cwd: scene.cwd, env: scene.env, stdin: "pipe", stdout: "pipe", stderr: "pipe" },
        )
        const said = await until(`${scene.temporary}/first.err`, child.exited)
        hasSpace = true
        child.stdin.write("\n")
        child.stdin.end()
        const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])

        expect(said).toMatch(/disk is full.*free some space and resume/)
        const [code, answer, resumed, ...log] = out.split("\n")
        expect({ code: code !== "0", answer, resumed, err }).toMatchObject({
          code: true,
          answer: "Went on.",
          resumed: "0",
        })
        const told = eventsOf(await Bun.file(`${scene.temporary}/first.out`).text()).filter(isDurable)
        expect(told.length).toBeGreaterThan(5)
        const kept = log.join("\n")
        expect(told.filter(({ id }) => !kept.includes(id))).toEqual([])
        expect(server.complaints).toEqual([])
      } finally {
        server.stop()
        scene.remove()
      }
    }, 120_000)
  })
})

/** What the first run said, once it is over. */
async function until(path: string, ended: Promise<number>): Promise<string> {
  for (;;) {
    const text = await Bun.file(path)
      .text()
      .catch(() => "")
    if (/disk is full/.test(text)) return text
    if ((await Promise.race([ended, Bun.sleep(20)])) !== undefined) return text
  }
}
