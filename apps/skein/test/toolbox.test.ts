import { expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { processesLeft } from "./ground/processes.ts"
import type { Scene } from "./ground/scene.ts"
import { talkingIn } from "./ground/talking.ts"

const HANG_MS = 120_000
/** Not below /tmp, of which a confined script sees one of its own. */
const BASE = "/var/tmp"

function script(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  return path
}

const own = (scene: Scene, name: string, text: string) => script(join(scene.home, ".config/skein/tools", name), text)
const use = (scene: Scene, name: string, ...args: string[]) => scene.run(["tools", "use", name, ...args])

/** Says what it is as Amp's toolboxes have it, in lines. */
const AMP = `#!/bin/sh
case $TOOLBOX_ACTION in
describe) printf 'name: shout\\ndescription: Shouts a word.\\nword: string what is shouted\\n' ;;
execute) sed -n 's/^word: //p' | tr a-z A-Z; echo "told $TOOLBOX_ACTION" >&2 ;;
esac
`

describeBinary("scripts that are tools", () => {
  test(
    "tools make writes a script that works as it is, in each language, and the list names its file",
    async () => {
      using talk = talkingIn(BASE, { text: "Hello." })
      const { scene } = talk
      const languages = ["sh", "ts", ...(Bun.which("python3", { PATH: "/usr/bin:/bin" }) === null ? [] : ["py"])]
      for (const lang of languages) {
        const name = `count-${lang}`
        const made = await scene.run(["tools", "make", name, "--lang", lang])
        const file = join(scene.home, `.config/skein/tools/${name}.${lang}`)
        expect([made.code, made.out]).toEqual([0, `${file}\n`])
        expect((await scene.run(["tools", "make", name, "--lang", lang])).err).toContain("is there already")
        expect((await scene.run(["tools", "list", "toolbox__*"])).out).toContain(file)
        const used = await use(scene, `toolbox__${name}`, "text=hello", "--yes")
        expect([used.code, used.out]).toEqual([0, "5 characters\n"])
      }
      expect((await scene.run(["tools", "make", "x", "--lang", "cobol"])).err).toContain("--lang is one of sh, ts, py")
    },
    HANG_MS,
  )

  test(
    "a model calls a script of Amp's kind by either name, and no argument is ever a command",
    async () => {
      const word = "$(touch here) `id`; x\ny: forged"
      const call = (name: string) => ({ calls: [{ name, args: { word } }] })
      using talk = talkingIn(BASE, call("toolbox__shout"), call("tb__shout"), { text: "Done." })
      const { scene, server } = talk
      own(scene, "shout", AMP)
      const done = await scene.run(["-p", "shout", "--mode", "full"])
      expect(done.code).toBe(0)
      const told = JSON.parse(server.requests[0]?.text ?? "{}").tools as { name: string; description: string }[]
      expect(told.find(({ name }) => name === "toolbox__shout")?.description).toBe("Shouts a word.")
      for (const at of [1, 2]) {
        expect(server.requests[at]?.text).toContain("$(TOUCH HERE) `ID`; X\\\\NY: FORGED")
      }
      expect(existsSync(scene.path("here"))).toBe(false)
    },
    HANG_MS,
  )

  test(
    "a script gets no more than it declares, and what it is asked first is asked in a read-only place",
    async () => {
      using talk = talkingIn(BASE, { text: "Hello." })
      const { scene } = talk
      const writing = (effects: string) =>
        `#!/bin/sh\n# skein tool\n# description: Writes.\n${effects}\necho x > made.txt && echo written\n`
      own(scene, "reader", writing("# effects: read"))
      own(scene, "writer", writing("# effects: write"))
      own(
        scene,
        "sneaky",
        `#!/bin/sh\ntouch ${scene.path("described")}\necho '{"name":"sneaky","description":"Is asked."}'\n`,
      )
      const reader = await use(scene, "toolbox__reader", "--yes")
      expect([existsSync(scene.path("made.txt")), reader.err]).toEqual([
        false,
        expect.stringContaining("Read-only file system"),
      ])
      expect((await use(scene, "toolbox__writer", "--yes")).out).toBe("written\n")
      expect(existsSync(scene.path("described"))).toBe(false)
    },
    HANG_MS,
  )

  test(
    "a script of a project is a tool only as long as it is trusted exactly as it is, and one that is not is not even asked what it is",
    async () => {
      using talk = talkingIn(BASE, { text: "Hello." })
      const { scene } = talk
      const path = script(scene.path(".agents/tools/shout"), AMP)
      const before = await scene.run(["tools", "list", "toolbox__*"])
      expect([before.code, before.err]).not.toEqual([0, ""])
      expect((await scene.run(["tools", "list"])).err).toContain(
        "nothing of it runs. See skein trust items; trust it with skein trust accept",
      )
      expect((await scene.run(["trust", "accept", "--yes"])).code).toBe(0)
      expect((await use(scene, "toolbox__shout", "word=hi", "--yes")).out).toBe("HI\n")
      writeFileSync(path, AMP.replace("tr a-z A-Z", "cat"))
      expect((await use(scene, "toolbox__shout", "word=hi", "--yes")).err).toContain("There is no tool toolbox__shout")
    },
    HANG_MS,
  )

  test(
    "a script of the person's that was changed is asked about again, even where nothing else is",
    async () => {
      using talk = talkingIn(BASE, { calls: [{ name: "toolbox__shout", args: { word: "hi" } }] }, { text: "Done." })
      const { scene, server } = talk
      const path = own(scene, "shout", AMP)
      expect((await use(scene, "toolbox__shout", "word=hi", "--yes")).code).toBe(0)
      const state = readFileSync(join(scene.data, "toolbox.json"), "utf8")
      expect(JSON.parse(state).descriptions).toMatchObject({
        [Object.values(JSON.parse(state).ran)[0] as string]: { name: "shout" },
      })
      writeFileSync(path, AMP.replace("tr a-z A-Z", "cat"))
      await scene.run(["-p", "shout", "--mode", "full"])
      expect(server.requests[1]?.text).toContain("is not as it was when it last ran")
    },
    HANG_MS,
  )

  test(
    "one that hangs is ended after its time with all that it began, and one that fails says how",
    async () => {
      using talk = talkingIn(BASE, { text: "Hello." })
      const { scene } = talk
      own(scene, "hangs", "#!/bin/sh\n# skein tool\n# description: Hangs.\n# timeout: 1\nsleep 500 & sleep 500\n")
      own(scene, "fails", "#!/bin/sh\n# skein tool\n# description: Fails.\necho half; echo why >&2; exit 3\n")
      own(scene, "mute", "#!/bin/sh\nexit 1\n")
      const hung = await use(scene, "toolbox__hangs", "--yes")
      expect(hung.err).toContain("toolbox__hangs failed: stopped after 1 s")
      expect(await processesLeft(scene.root, HANG_MS)).toEqual([])
      expect((await use(scene, "toolbox__fails", "--yes")).err).toContain("half\ntoolbox__fails failed: exit 3\nwhy\n")
      expect((await scene.run(["tools", "list"])).err).toContain(
        "mute is no tool: asked what it is (TOOLBOX_ACTION=describe), it failed",
      )
    },
    HANG_MS,
  )
})
