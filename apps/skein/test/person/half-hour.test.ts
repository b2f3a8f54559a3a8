import { expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { describeBinary, IS_SOAK } from "../ground/binary.ts"
import { dice, shuffled } from "../ground/dice.ts"
import { flawsIn, left } from "../ground/screen.ts"
import { Day, type Pace } from "./day.ts"
import type { Deed } from "./deed.ts"
import { DEEDS } from "./deeds.ts"
import { Watch } from "./watch.ts"

/** Once through all deeds without a pause takes seconds; a person takes half an hour for it, again and again. */
const MINUTES = Number(process.env.SKEIN_SOAK_MINUTES ?? 30)
const HANG_MS = IS_SOAK ? (MINUTES + 10) * 60_000 : 300_000
/** A folder for the screens, as text and as pictures, and for what was measured of each deed. */
const ALBUM = process.env.SKEIN_PICTURES ?? (IS_SOAK ? resolve(import.meta.dir, "../../../../dist/screens") : undefined)
/** The order of the deeds and how fast the hands are; told, to see the same again. */
const SEED = Number(process.env.SKEIN_SEED ?? (IS_SOAK ? Date.now() % 2 ** 32 : 7))
const PACE: Pace = IS_SOAK
  ? { keyMs: 45, thinkingMs: 1_500, piecesPerSecond: 15 }
  : { keyMs: 0, thinkingMs: 0, piecesPerSecond: 60 }

interface Done {
  readonly deed: string
  readonly atMs: number
  readonly tookMs: number
  readonly residentBytes: number
  readonly bytesWritten: number
  readonly wrong: readonly string[]
}

describeBinary(IS_SOAK ? `a session of ${MINUTES} minutes, by the seed ${SEED},` : "one round", () => {
  test(
    "of all that a person does loses nothing that was said or typed, wipes nothing, and says at each moment what goes on",
    async () => {
      const roll = dice(SEED)
      const day = new Day({ pace: PACE, roll, album: ALBUM })
      const done: Done[] = []
      try {
        await begun(day)
        const watch = new Watch(day)
        const endMs = performance.now() + MINUTES * 60_000
        do {
          for (const deed of done.length === 0 ? DEEDS : shuffled(DEEDS, roll)) {
            done.push(await doneBy(day, deed, watch))
            expect(wrongIn(done)).toEqual([])
          }
        } while (IS_SOAK && performance.now() < endMs)
        expect(await left(day.driven)).toBe(0)
        // What was copied is set as the clipboard.
        expect(flawsIn(day.driven, { isFullScreen: true, meant: [52] })).toEqual([])
      } finally {
        if (ALBUM !== undefined) kept(ALBUM, done)
        await day.end()
      }
    },
    HANG_MS,
  )
})

async function begun(day: Day): Promise<void> {
  await day.sees("claude")
  await day.isIdle()
  day.keep("welcome")
}

async function doneBy(day: Day, deed: Deed, watch: Watch): Promise<Done> {
  const atMs = day.driven.now()
  const draft = `a thought, half typed ${day.next()}`
  if (deed.keepsDraft === true) await day.type(draft)
  await deed.act(day)
  const lost = deed.keepsDraft === true && !day.driven.text().includes(`› ${draft}`) ? ["what was typed is lost"] : []
  day.keep(deed.name)
  if (deed.keepsDraft === true) {
    day.driven.press("ctrl+u")
    await day.gone(draft)
  }
  const wrong = [...watch.wrong(), ...lost]
  await day.thinks()
  return { deed: deed.name, atMs, tookMs: day.driven.now() - atMs, ...watch.facts, wrong }
}

function wrongIn(done: readonly Done[]): string[] {
  return done.flatMap(({ deed, wrong }) => wrong.map((what) => `${deed}: ${what}`))
}

function kept(folder: string, done: readonly Done[]): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "deeds.json"), `${JSON.stringify(done, null, 1)}\n`)
}
