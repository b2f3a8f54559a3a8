import { expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Recording } from "@skein/term/driven"
import { describeBinary } from "../ground/binary.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { slowly } from "../ground/streaming.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 60_000
const BEGINS = "[editor begins]"
const ENDS = "[editor ends]"
const BELL = "\u0007"

describeBinary("while an editor has the terminal", () => {
  test(
    "a turn that ends, a call for the person and another size write nothing to it; all is painted when it is left",
    async () => {
      const over = Promise.withResolvers<void>()
      using talk = talking(async (asked) => {
        await slowly({ text: `${"It goes on and on. ".repeat(30)}And that is it.` }, 40, 100)(asked)
        over.resolve()
      })
      const { home } = talk.scene
      const [editor, go] = [join(home, "editor.sh"), join(home, "go")]
      const script = `printf '${BEGINS}'\nwhile [ ! -e '${go}' ]; do sleep 0.02; done\nprintf '${ENDS}'\n`
      writeFileSync(editor, script)
      mkdirSync(join(home, ".config/skein"), { recursive: true })
      writeFileSync(join(home, ".config/skein/config.toml"), '[tui]\nnotify = "always"\nnotify_by = ["bell"]\n')
      const driven = seated(talk.scene, { env: { VISUAL: `sh ${editor}` } })
      await driven.waitFor("claude")
      driven.type("tell me")
      driven.press("enter")
      await driven.waitFor("It goes on")
      driven.type("half a thought")
      driven.press("ctrl+g")
      await driven.waitFor(BEGINS)
      driven.resize({ columns: 100, rows: 30 })
      await over.promise
      await Bun.sleep(AFTERWARDS_MS)
      writeFileSync(go, "")
      await driven.waitFor("Done")
      await driven.waitFor("half a thought")
      const [before = "", after = ""] = written(driven.recording).split(ENDS)
      expect(before.slice(before.indexOf(BEGINS) + BEGINS.length)).toBe("")
      expect(after.split(BELL)).toHaveLength(2)
      expect(driven.text().split("And that is it.")).toHaveLength(2)
      expect(await left(driven)).toBe(0)
      expect(flawsIn(driven)).toEqual([])
    },
    HANG_MS,
  )
})

/** More than any frame, tick or call of the person waits for. */
const AFTERWARDS_MS = 500

function written({ entries }: Recording): string {
  return Buffer.concat(entries.flatMap((entry) => ("bytes" in entry ? [entry.bytes] : []))).toString()
}
