import { expect, test } from "bun:test"
import { mkdirSync } from "node:fs"
import { readImage } from "../../src/system/images.ts"
import { folder, realMachine } from "./folder.ts"

const GIF = "GIF89a and the rest"

test("an image is read by any way to write its path, and is what its bytes say", async () => {
  using home = folder({ "a b.txt": GIF })
  const machine = realMachine(home.path)
  const image = { mediaType: "image/gif", data: btoa(GIF), bytes: GIF.length }
  for (const path of ["a b.txt", "~/a b.txt", `${home.path}/a b.txt`, `file://${home.path}/a%20b.txt`]) {
    expect(await readImage(path, machine), path).toEqual(image)
  }
})

test("what is no image, too large, a folder, a FIFO or not there is none, and nothing waits for it", async () => {
  using home = folder({ "text.png": "not one", "riff.webp": "RIFF1234WAVE", "large.gif": GIF.padEnd(3_750_001) })
  const machine = realMachine(home.path)
  mkdirSync(`${home.path}/folder.png`)
  await machine.programs.run(["mkfifo", `${home.path}/fifo.png`], { timeoutMs: 5_000 })
  for (const path of [
    "text.png",
    "riff.webp",
    "large.gif",
    "folder.png",
    "fifo.png",
    "nothing.png",
    "file://host/x",
    "\0",
  ]) {
    expect(await readImage(path, machine), path).toBeUndefined()
  }
})
