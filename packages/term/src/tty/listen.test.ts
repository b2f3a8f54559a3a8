import { expect, test } from "bun:test"
import type { Input } from "../input.ts"
import { listen } from "./listen.ts"

/** What comes of reads that follow each other at once, up to and with the silence after them. */
async function heard(reads: readonly string[], isEnough: (inputs: readonly Input[]) => boolean): Promise<Input[][]> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const calls: Input[][] = []
  let give = (_: Uint8Array) => {}
  const terminal = {
    onInput(handler: typeof give) {
      give = handler
    },
  }
  listen(terminal, (inputs) => {
    calls.push([...inputs])
    if (isEnough(calls.flat())) resolve()
  })
  for (const read of reads) give(new TextEncoder().encode(read))
  await promise
  return calls
}

test("what is whole is given at once, a lone ESC when nothing follows it", async () => {
  expect(await heard(["a", "\x1b[", "A", "\x1b"], (inputs) => inputs.length === 3)).toEqual([
    [{ kind: "key", chord: "a", text: "a" }],
    [{ kind: "key", chord: "up" }],
    [{ kind: "key", chord: "escape" }],
  ])
})

test("a paste without marks is given as one when the last of it has come", async () => {
  expect(await heard(["one line\rtwo ", "lines\r"], (inputs) => inputs.length > 0)).toEqual([
    [{ kind: "paste", text: "one line\ntwo lines\n" }],
  ])
})

test("a paste whose end is lost is given after a while, though nothing more comes", async () => {
  expect(await heard(["\x1b[200~lost"], (inputs) => inputs.length > 0)).toEqual([[{ kind: "paste", text: "lost" }]])
})
